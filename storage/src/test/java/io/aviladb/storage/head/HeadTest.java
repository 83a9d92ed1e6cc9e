package io.aviladb.storage.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.storage.Stores;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class HeadTest {
    private static final Version HOME = new Version(Stores.at(10), Stores.HOME);
    private static final Version AWAY = new Version(Stores.at(20), Stores.AWAY);

    @Test
    void commonHeadIsThirtyTwoBytes() {
        for (Head head : List.of(Head.of(HOME, false, 0, 0), Head.of(AWAY, true, 0, 0), Head.of(HOME, false, Long.MAX_VALUE, 1 << 30))) {
            assertThat(head.isCommon()).isTrue();
            assertThat(head.encode()).hasSize(32);
            assertThat(Head.decode(head.encode())).isEqualTo(head);
        }
    }

    @Test
    void otherHeadsAreLongerAndMarkedInTheirFixedPart() {
        VersionVector both = VersionVector.of(HOME).join(VersionVector.of(AWAY));
        List<Head> heads = List.of(new Head(both, List.of(HOME, AWAY), false, 5, 6), new Head(both, List.of(AWAY), true, 0, 0),
                new Head(VersionVector.of(Stores.HOME, Stores.at(11)), List.of(HOME), false, 0, 1));
        for (Head head : heads) {
            assertThat(head.isCommon()).isFalse();
            assertThat(head.encode()).hasSizeGreaterThan(32);
            assertThat(HeadCodec.isWhole(Arrays.copyOf(head.encode(), 32))).isFalse();
            assertThat(Head.decode(head.encode())).isEqualTo(head);
        }
    }

    @Test
    void sameHeadHasTheSameBytesInWhateverOrderItsVersionsCome() {
        VersionVector both = VersionVector.of(HOME).join(VersionVector.of(AWAY));
        Head one = new Head(both, List.of(HOME, AWAY), false, 0, 1);
        Head other = new Head(both, List.of(AWAY, HOME), false, 0, 1);
        assertThat(one).isEqualTo(other);
        assertThat(one.encode()).isEqualTo(other.encode());
        assertThat(one.newest()).isEqualTo(AWAY);
    }

    @Test
    void headWithoutVersionsOrBeyondItsVectorIsRefused() {
        assertThatThrownBy(() -> new Head(VersionVector.EMPTY, List.of(), false, 0, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Head(VersionVector.of(HOME), List.of(AWAY), false, 0, 0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void bytesThatAreNoHeadAreRefused() {
        byte[] whole = new Head(VersionVector.of(HOME).join(VersionVector.of(AWAY)), List.of(HOME, AWAY), false, 5, 6).encode();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> Head.decode(cut)).as("%d bytes", length).isInstanceOf(MalformedBytesException.class);
        }
    }
}
