package io.aviladb.proto.node;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.PartitionStrategy;

/** A change of the catalog. */
public sealed interface DefineRequest {
    record CreateDatabase(String database) implements DefineRequest {}

    record DropDatabase(String database) implements DefineRequest {}

    record CreateCollection(String database, String collection, PartitionStrategy strategy,
            MergePolicyDefinition policy) implements DefineRequest {}

    record AlterCollection(String database, String collection, MergePolicyDefinition policy) implements DefineRequest {}

    record DropCollection(String database, String collection) implements DefineRequest {}

    /** Changes nothing: answers the catalog's version once a majority has confirmed the leader, so that absence can be proven. */
    record Confirm() implements DefineRequest {}

    default void write(ByteWriter out) {
        if (this instanceof CreateDatabase create) {
            out.writeByte(0).writeString(create.database());
        } else if (this instanceof DropDatabase drop) {
            out.writeByte(1).writeString(drop.database());
        } else if (this instanceof CreateCollection create) {
            out.writeByte(2).writeString(create.database()).writeString(create.collection());
            create.strategy().write(out);
            create.policy().write(out);
        } else if (this instanceof AlterCollection alter) {
            out.writeByte(3).writeString(alter.database()).writeString(alter.collection());
            alter.policy().write(out);
        } else if (this instanceof DropCollection drop) {
            out.writeByte(4).writeString(drop.database()).writeString(drop.collection());
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
                return new CreateCollection(in.readString(), in.readString(), PartitionStrategy.read(in), MergePolicyDefinition.read(in));
            case 3 :
                return new AlterCollection(in.readString(), in.readString(), MergePolicyDefinition.read(in));
            case 4 :
                return new DropCollection(in.readString(), in.readString());
            case 5 :
                return new Confirm();
            default :
                throw new MalformedBytesException("unknown definition " + kind);
        }
    }
}
