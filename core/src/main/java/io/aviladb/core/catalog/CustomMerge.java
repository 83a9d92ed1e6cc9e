package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.FieldPath;
import java.util.ArrayList;
import java.util.List;

/**
 * A custom merge as it was accepted.
 *
 * @param expression over {@code base}, {@code local} and {@code remote}, in its canonical form
 * @param fields the top-level fields that it merges; all others merge by themselves
 */
public record CustomMerge(String expression, List<String> fields, Certificate certificate) {
    /**
     * What it was tried on before it was accepted. No proof: it says what was tried.
     *
     * @param laws that held, by name
     * @param exhaustive triples of a bounded domain, all of them
     * @param random triples beyond it
     * @param seed that repeats those
     */
    public record Certificate(List<String> laws, long exhaustive, long random, long seed) {
        public Certificate {
            laws = List.copyOf(laws);
        }
    }

    public CustomMerge {
        fields = List.copyOf(fields);
        if (expression.isEmpty() || fields.isEmpty()) {
            throw new IllegalArgumentException("a custom merge has an expression that names fields");
        }
    }

    /** Whether the value at the path is, or lies in, one that this merges. */
    public boolean merges(FieldPath path) {
        return !path.isRoot() && fields.contains(path.steps().get(0));
    }

    public void write(ByteWriter out) {
        out.writeString(expression);
        writeAll(out, fields);
        writeAll(out, certificate.laws());
        out.writeVarLong(certificate.exhaustive()).writeVarLong(certificate.random()).writeLong(certificate.seed());
    }

    private static void writeAll(ByteWriter out, List<String> list) {
        out.writeVarInt(list.size());
        list.forEach(out::writeString);
    }

    public static CustomMerge read(ByteReader in) {
        return new CustomMerge(in.readString(), readAll(in),
                new Certificate(readAll(in), in.readVarLong(), in.readVarLong(), in.readLong()));
    }

    private static List<String> readAll(ByteReader in) {
        List<String> list = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            list.add(in.readString());
        }
        return list;
    }
}
