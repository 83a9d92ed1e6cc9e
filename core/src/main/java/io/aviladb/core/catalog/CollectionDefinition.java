package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.PartitionStrategy;
import java.util.List;

/**
 * A collection as the catalog has it.
 *
 * @param id never given twice, so that a collection dropped and made again shares nothing with its past
 * @param policies the merge policies and schemas it has had
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

    public CollectionDefinition withPolicy(MergePolicyDefinition next, SchemaDefinition schema, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies.then(next, schema), indexes, version);
    }

    /** As it is made: with a schema from its first document on. */
    public CollectionDefinition withFirstSchema(SchemaDefinition schema) {
        return new CollectionDefinition(id, database, name, strategy, new PolicyHistory(policies.list(), List.of(schema)), indexes,
                catalogVersion);
    }

    /** What is demanded of documents that are written now. */
    public SchemaDefinition schema() {
        return policies.schema();
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
