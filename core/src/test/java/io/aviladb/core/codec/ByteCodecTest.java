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
}
