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
 * @param ttl how long its documents live
 * @param catalogVersion the catalog's version that made or last altered it
 */
public record CollectionDefinition(int id, String database, String name, PartitionStrategy strategy, PolicyHistory policies,
        IndexSet indexes, TtlDefinition ttl, long catalogVersion) {
    /** Of the id's number: the time to live follows. */
    private static final int WITH_TTL = 1 << 30;

    /** With its first merge policy. */
    public CollectionDefinition(int id, String database, String name, PartitionStrategy strategy, MergePolicyDefinition policy,
            long catalogVersion) {
        this(id, database, name, strategy, PolicyHistory.of(policy), IndexSet.NONE, TtlDefinition.NONE, catalogVersion);
    }

    /** The merge policy in force for what is written now. */
    public MergePolicyDefinition mergePolicy() {
        return policies.current();
    }

    public CollectionDefinition withPolicy(MergePolicyDefinition next, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies.then(next), indexes, ttl, version);
    }

    public CollectionDefinition withPolicy(MergePolicyDefinition next, SchemaDefinition schema, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies.then(next, schema), indexes, ttl, version);
    }

    /** As it is made: with a schema from its first document on. */
    public CollectionDefinition withFirstSchema(SchemaDefinition schema) {
        return new CollectionDefinition(id, database, name, strategy, new PolicyHistory(policies.list(), List.of(schema)), indexes,
                ttl, catalogVersion);
    }

    /** What is demanded of documents that are written now. */
    public SchemaDefinition schema() {
        return policies.schema();
    }

    public CollectionDefinition withTtl(TtlDefinition next, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies, indexes, next, version);
    }

    public CollectionDefinition withIndexes(IndexSet next, long version) {
        return new CollectionDefinition(id, database, name, strategy, policies, next, ttl, version);
    }

    public void write(ByteWriter out) {
        out.writeVarInt(ttl.isNone() ? id : id | WITH_TTL).writeString(database).writeString(name);
        strategy.write(out);
        policies.write(out);
        indexes.write(out);
        out.writeVarLong(catalogVersion);
        if (!ttl.isNone()) {
            ttl.write(out);
        }
    }

    public static CollectionDefinition read(ByteReader in) {
        int id = in.readVarInt();
        CollectionDefinition definition = new CollectionDefinition(id & ~WITH_TTL, in.readString(), in.readString(),
                PartitionStrategy.read(in), PolicyHistory.read(in), IndexSet.read(in), TtlDefinition.NONE, in.readVarLong());
        return (id & WITH_TTL) == 0 ? definition : definition.withTtl(TtlDefinition.read(in), definition.catalogVersion());
    }
}
