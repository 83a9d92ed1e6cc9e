package io.aviladb.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static String sealed(long stamp) {
        byte[] vector = VersionVector.of(new RegionIncarnation(1), new HybridTimestamp(stamp)).toByteArray();
        return Base64.getUrlEncoder().withoutPadding().encodeToString(
                new ByteWriter(32).writeByte('s').writeByte(1).writeRaw(vector).writeLong(stamp * 31).toByteArray());
    }

    @Test
    void aTokenThatHasSeenLessDoesNotReplaceOneThatHasSeenMore() {
        Session session = new Session();
        session.saw(sealed(20));
        session.saw(sealed(10));
        assertThat(session.token()).isEqualTo(sealed(20));
        session.saw(sealed(30));
        assertThat(session.token()).isEqualTo(sealed(30));
    }

    @Test
    void ofTokensThatCannotBeReadTheLastIsKept() {
        Session session = new Session();
        session.saw("one");
        session.saw("two");
        session.saw("");
        assertThat(session.token()).isEqualTo("two");
    }
}
