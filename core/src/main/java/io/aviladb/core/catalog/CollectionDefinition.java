package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.PartitionStrategy;

/**
 * A collection as the catalog has it.
 *
 * @param id never given twice, so that a collection dropped and made again shares nothing with its past
 * @param policies the merge policies it has had
 * @param indexes its secondary indexes
 * @param catalogVersion the catalog's version that made or last altered it
 */
public record CollectionDefinition(int id, String database, String name, PartitionStrategy strategy, PolicyHistory policies,
        IndexSet indexes, long catalogVersion) {
    /** With its first merge policy. */
    public CollectionDefinition(int id, String database, String name, PartitionStrategy strategy, MergePolicyDefinition policy,
            long catalogVersion) {
        this(id, database, name, strategy, PolicyHistory.of(policy), IndexSet.NONE, catalogVersion);
    }

    /** The merge policy in force for what is written now. */
    public MergePolicyDefinition mergePolicy() {
        return policies.current();
    }

    public CollectionDefinition withPolicy(MergePolicyDefinition next, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies.then(next), indexes, version);
    }

    public CollectionDefinition withIndexes(IndexSet next, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies, next, version);
    }

    public void write(ByteWriter out) {
        out.writeVarInt(id).writeString(database).writeString(name);
        strategy.write(out);
        policies.write(out);
        indexes.write(out);
        out.writeVarLong(catalogVersion);
    }

    public static CollectionDefinition read(ByteReader in) {
        return new CollectionDefinition(in.readVarInt(), in.readString(), in.readString(), PartitionStrategy.read(in),
                PolicyHistory.read(in), IndexSet.read(in), in.readVarLong());
    }
}
