package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;
import org.junit.jupiter.api.Test;

class EntryBytesTest {
    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    @Test
    void arrayOfAWholeEntryIsTheEntrysOwn() {
        byte[] entry = random(1_000);
        assertThat(EntryBytes.of(UnsafeByteOperations.unsafeWrap(entry))).isSameAs(entry);
    }

    @Test
    void partsAndSlicesAreCopiedInOrder() {
        ByteString whole = ByteString.copyFrom(random(5_000));
        ByteString rope = whole.concat(ByteString.copyFrom(random(4_000))).concat(whole.substring(10, 3_000));
        assertThat(EntryBytes.of(rope)).isEqualTo(rope.toByteArray());
        ByteString slice = ByteString.copyFrom(random(900)).substring(1, 800);
        assertThat(EntryBytes.of(slice)).isEqualTo(slice.toByteArray());
        ByteString direct = UnsafeByteOperations.unsafeWrap(java.nio.ByteBuffer.allocateDirect(64).put(3, (byte) 7));
        assertThat(EntryBytes.of(direct)).isEqualTo(direct.toByteArray());
        assertThat(EntryBytes.of(ByteString.EMPTY)).isEmpty();
    }
}
