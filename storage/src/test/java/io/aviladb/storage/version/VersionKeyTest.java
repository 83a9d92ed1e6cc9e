package io.aviladb.storage.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.storage.Stores;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class VersionKeyTest {
    @Test
    void newestComesFirstAlsoBeyondTheSignBit() {
        List<Long> stamps = List.of(1L, Long.MAX_VALUE, Long.MIN_VALUE, -1L); // ascending as unsigned numbers
        for (int i = 1; i < stamps.size(); i++) {
            assertThat(Arrays.compareUnsigned(encoded(stamps.get(i)), encoded(stamps.get(i - 1)))).isNegative();
        }
    }

    private static byte[] encoded(long bits) {
        return new VersionKey(Stores.key("a"), new Version(new HybridTimestamp(bits), Stores.HOME)).encode();
    }

    @Test
    void decodingGivesBackWhatWasEncoded() {
        VersionKey key = new VersionKey(Stores.key("abc"), new Version(HybridTimestamp.MAX, new RegionIncarnation(0xFFFF)));
        assertThat(VersionKey.decode(key.encode())).isEqualTo(key);
        assertThatThrownBy(() -> VersionKey.decode(new byte[9])).isInstanceOf(MalformedBytesException.class);
        assertThatThrownBy(() -> VersionKey.decode(new byte[10])).isInstanceOf(MalformedBytesException.class);
    }
}
