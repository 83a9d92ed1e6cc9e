package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.PartitionStrategy;

/**
 * A collection as the catalog has it.
 *
 * @param id never given twice, so that a collection dropped and made again shares nothing with its past
 * @param catalogVersion the catalog's version that made or last altered it
 */
public record CollectionDefinition(int id, String database, String name, PartitionStrategy strategy, MergePolicyDefinition mergePolicy,
        long catalogVersion) {
    public void write(ByteWriter out) {
        out.writeVarInt(id).writeString(database).writeString(name);
        strategy.write(out);
        mergePolicy.write(out);
        out.writeVarLong(catalogVersion);
    }

    public static CollectionDefinition read(ByteReader in) {
        return new CollectionDefinition(in.readVarInt(), in.readString(), in.readString(), PartitionStrategy.read(in),
                MergePolicyDefinition.read(in),
                in.readVarLong());
    }
}
