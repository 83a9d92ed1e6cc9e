package io.aviladb.core.range;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.Limits;
import java.util.ArrayList;
import java.util.List;

/** How a collection's documents get their partition key. Fixed when the collection is made. */
public sealed interface PartitionStrategy {
    /** One level of a key: a field, its value plain or with a hash in front. */
    record Level(FieldPath field, boolean hashed) {
        public Level {
            if (field.isRoot()) {
                throw new IllegalArgumentException("a partition key's level names a field, as in /userId");
            }
        }
    }

    /** One field ({@code single}) or 1 to 5 of them ({@code hierarchical}): any prefix is one contiguous interval. */
    record Fields(List<Level> levels) implements PartitionStrategy {
        public Fields {
            levels = List.copyOf(levels);
            if (levels.isEmpty() || levels.size() > Limits.MAX_PARTITION_LEVELS) {
                throw new IllegalArgumentException(
                        "a partition key has 1 to " + Limits.MAX_PARTITION_LEVELS + " levels, not " + levels.size());
            }
            if (levels.stream().map(Level::field).distinct().count() != levels.size()) {
                throw new IllegalArgumentException("a partition key names each field once");
            }
        }
    }

    /** A hash of the document's id modulo the number of partitions. Never of the whole document. */
    record Synthetic(int partitions) implements PartitionStrategy {
        public Synthetic {
            if (partitions < 1 || partitions > Limits.MAX_SYNTHETIC_PARTITIONS) {
                throw new IllegalArgumentException(
                        "there are 1 to " + Limits.MAX_SYNTHETIC_PARTITIONS + " synthetic partitions, not " + partitions);
            }
        }
    }

    static PartitionStrategy single(FieldPath field) {
        return new Fields(List.of(new Level(field, false)));
    }

    default void write(ByteWriter out) {
        out.writeByte(TupleEncoding.VERSION);
        if (this instanceof Fields fields) {
            out.writeByte(0).writeVarInt(fields.levels().size());
            fields.levels().forEach(level -> out.writeString(level.field().toString()).writeBoolean(level.hashed()));
        } else if (this instanceof Synthetic synthetic) {
            out.writeByte(1).writeVarInt(synthetic.partitions());
        }
    }

    static PartitionStrategy read(ByteReader in) {
        int version = in.readByte();
        if (version != TupleEncoding.VERSION) {
            throw new MalformedBytesException("key encoding version " + version + " is newer than this software");
        }
        if (in.readByte() == 1) {
            return new Synthetic(in.readVarInt());
        }
        List<Level> levels = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            levels.add(new Level(FieldPath.parse(in.readString()), in.readBoolean()));
        }
        return new Fields(levels);
    }
}
