package io.aviladb.proto.node;

import io.aviladb.core.catalog.CollectionOptions;
import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.PartitionStrategy;
import java.util.List;
import java.util.Optional;

/** A change of the catalog. */
public sealed interface DefineRequest {
    record CreateDatabase(String database) implements DefineRequest {}

    record DropDatabase(String database) implements DefineRequest {}

    /** @param indexes with id 0 */
    record CreateCollection(String database, String collection, PartitionStrategy strategy, MergePolicyDefinition policy,
            List<IndexDefinition> indexes, CollectionOptions options) implements DefineRequest {
        public CreateCollection {
            indexes = List.copyOf(indexes);
        }

        /** Without options. */
        public CreateCollection(String database, String collection, PartitionStrategy strategy, MergePolicyDefinition policy,
                List<IndexDefinition> indexes) {
            this(database, collection, strategy, policy, indexes, CollectionOptions.NONE);
        }

        /** Without indexes. */
        public CreateCollection(String database, String collection, PartitionStrategy strategy, MergePolicyDefinition policy) {
            this(database, collection, strategy, policy, List.of());
        }
    }

    /** @param index with id 0 */
    record CreateIndex(String database, String collection, IndexDefinition index) implements DefineRequest {}

    record DropIndex(String database, String collection, String index) implements DefineRequest {}

    /** @param policy absent where it stays */
    record AlterCollection(String database, String collection, Optional<MergePolicyDefinition> policy, CollectionOptions options)
            implements
                DefineRequest {
        /** The policy alone. */
        public AlterCollection(String database, String collection, MergePolicyDefinition policy) {
            this(database, collection, Optional.of(policy), CollectionOptions.NONE);
        }
    }

    record DropCollection(String database, String collection) implements DefineRequest {}

    /** Changes nothing: answers the catalog's version once a majority has confirmed the leader, so that absence can be proven. */
    record Confirm() implements DefineRequest {}

    default void write(ByteWriter out) {
        if (this instanceof CreateDatabase create) {
            out.writeByte(0).writeString(create.database());
        } else if (this instanceof DropDatabase drop) {
            out.writeByte(1).writeString(drop.database());
        } else if (this instanceof CreateCollection create) {
            boolean options = !create.options().isEmpty();
            out.writeByte(options ? 70 : 2).writeString(create.database()).writeString(create.collection());
            create.strategy().write(out);
            create.policy().write(out);
            Wire.writeList(out, create.indexes(), IndexDefinition::write);
            if (options) {
                create.options().write(out);
            }
        } else if (this instanceof AlterCollection alter) {
            boolean policyAlone = alter.policy().isPresent() && alter.options().isEmpty();
            out.writeByte(policyAlone ? 3 : 71).writeString(alter.database()).writeString(alter.collection());
            if (!policyAlone) {
                alter.options().write(out);
                out.writeBoolean(alter.policy().isPresent());
            }
            alter.policy().ifPresent(policy -> policy.write(out));
        } else if (this instanceof DropCollection drop) {
            out.writeByte(4).writeString(drop.database()).writeString(drop.collection());
        } else if (this instanceof CreateIndex create) {
            out.writeByte(16).writeString(create.database()).writeString(create.collection());
            create.index().write(out);
        } else if (this instanceof DropIndex drop) {
            out.writeByte(17).writeString(drop.database()).writeString(drop.collection()).writeString(drop.index());
        } else {
            out.writeByte(5);
        }
    }

    static DefineRequest read(ByteReader in) {
        int kind = in.readByte();
        switch (kind) {
            case 0 :
                return new CreateDatabase(in.readString());
            case 1 :
                return new DropDatabase(in.readString());
            case 2 :
                return new CreateCollection(in.readString(), in.readString(), PartitionStrategy.read(in), MergePolicyDefinition.read(in),
                        Wire.readList(in, IndexDefinition::read));
            case 3 :
                return new AlterCollection(in.readString(), in.readString(), MergePolicyDefinition.read(in));
            case 4 :
                return new DropCollection(in.readString(), in.readString());
            case 5 :
                return new Confirm();
            case 16 :
                return new CreateIndex(in.readString(), in.readString(), IndexDefinition.read(in));
            case 17 :
                return new DropIndex(in.readString(), in.readString(), in.readString());
            case 70 :
                return new CreateCollection(in.readString(), in.readString(), PartitionStrategy.read(in), MergePolicyDefinition.read(in),
                        Wire.readList(in, IndexDefinition::read), CollectionOptions.read(in));
            case 71 :
                String database = in.readString();
                String collection = in.readString();
                CollectionOptions options = CollectionOptions.read(in);
                return new AlterCollection(database, collection,
                        in.readBoolean() ? Optional.of(MergePolicyDefinition.read(in)) : Optional.empty(), options);
            default :
                throw new MalformedBytesException("unknown definition " + kind);
        }
    }
}
