package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.write.UnitAnswer;
import java.util.List;

/** One answer for each unit, in their order. */
public record WriteReply(List<UnitAnswer> answers) {
    public WriteReply {
        answers = List.copyOf(answers);
    }

    void write(ByteWriter out) {
        Wire.writeList(out, answers, UnitAnswer::write);
    }

    static WriteReply read(ByteReader in) {
        return new WriteReply(Wire.readList(in, UnitAnswer::read));
    }
}
