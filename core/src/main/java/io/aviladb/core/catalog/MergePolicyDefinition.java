package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.FieldPath;
import java.util.SortedMap;
import java.util.TreeMap;

/** A merge policy as it is declared: default {@code lww}, counters by path, deletes {@code later}. More comes with the issue on merging. */
public record MergePolicyDefinition(SortedMap<FieldPath, FieldType> fields) {
    /** What a path's values are. The order is the wire's. */
    public enum FieldType {
        COUNTER
    }

    public static final MergePolicyDefinition DEFAULT = new MergePolicyDefinition(new TreeMap<>());

    public MergePolicyDefinition {
        fields = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(fields));
    }

    public void write(ByteWriter out) {
        out.writeVarInt(fields.size());
        fields.forEach((path, type) -> out.writeString(path.toString()).writeByte(type.ordinal()));
    }

    public static MergePolicyDefinition read(ByteReader in) {
        TreeMap<FieldPath, FieldType> fields = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            fields.put(FieldPath.parse(in.readString()), FieldType.values()[in.readByte()]);
        }
        return new MergePolicyDefinition(fields);
    }
}
