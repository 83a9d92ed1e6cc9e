package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Shapes that several messages share. */
final class Wire {
    private Wire() {
    }

    static <T> void writeList(ByteWriter out, List<T> list, BiConsumer<T, ByteWriter> element) {
        out.writeVarInt(list.size());
        list.forEach(item -> element.accept(item, out));
    }

    static <T> List<T> readList(ByteReader in, Function<ByteReader, T> element) {
        int count = in.readCount();
        List<T> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(element.apply(in));
        }
        return list;
    }

    static void writeNode(ByteWriter out, Optional<NodeId> node) {
        out.writeString(node.map(NodeId::toString).orElse(""));
    }

    static Optional<NodeId> readNode(ByteReader in) {
        String text = in.readString();
        return text.isEmpty() ? Optional.empty() : Optional.of(NodeId.parse(text));
    }
}
