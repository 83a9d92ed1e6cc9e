package io.aviladb.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ByteCodecTest {
    @Test
    void whatIsWrittenIsRead() {
        byte[] bytes = new ByteWriter().writeVarLong(-1).writeVarInt(-5).writeInt(-7).writeLong(Long.MIN_VALUE).writeString("ação")
                .writeBoolean(true)
                .toByteArray();
        ByteReader in = new ByteReader(bytes);
        assertThat(in.readVarLong()).isEqualTo(-1);
        assertThat(in.readVarInt()).isEqualTo(-5);
        assertThat(in.readInt()).isEqualTo(-7);
        assertThat(in.readLong()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.readString()).isEqualTo("ação");
        assertThat(in.readBoolean()).isTrue();
        in.expectEnd();
    }

    @Test
    void aLengthBeyondTheEndIsRefused() {
        byte[] bytes = new ByteWriter().writeVarInt(1_000_000).writeByte(1).toByteArray();
        assertThatThrownBy(() -> new ByteReader(bytes).readBytes()).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void whatIsWrittenAfterAnExactArrayWasGivenAwayDoesNotChangeIt() {
        ByteWriter out = new ByteWriter(9 + ByteWriter.varLongBytes(300)).writeLong(7).writeByte(1).writeVarLong(300);
        byte[] given = out.toByteArray();
        assertThat(out.toByteArray()).isSameAs(given);
        byte[] copy = given.clone();
        out.writeByte(9);
        assertThat(given).isEqualTo(copy);
        assertThat(out.toByteArray()).startsWith(copy).endsWith(9).hasSize(copy.length + 1);
    }

    @Test
    void lengthOfANumberIsKnownBeforeItIsWritten() {
        for (int bits = 0; bits < 64; bits++) {
            for (long value : new long[]{1L << bits, (1L << bits) - 1, -1L >>> bits}) {
                assertThat(ByteWriter.varLongBytes(value)).isEqualTo(new ByteWriter().writeVarLong(value).length());
            }
        }
    }
}
