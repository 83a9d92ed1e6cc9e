package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import java.util.Optional;

/**
 * What a definition says of a collection beside its keys, its merge policy and its indexes. What is absent stays as it is, or is not there in a new
 * collection.
 */
public record CollectionOptions(Optional<SchemaDefinition> schema, Optional<TtlDefinition> ttl) {
    private static final int SCHEMA = 1;
    private static final int TTL = 2;
    public static final CollectionOptions NONE = new CollectionOptions(Optional.empty(), Optional.empty());

    public boolean isEmpty() {
        return schema.isEmpty() && ttl.isEmpty();
    }

    public void write(ByteWriter out) {
        out.writeVarInt((schema.isPresent() ? SCHEMA : 0) | (ttl.isPresent() ? TTL : 0));
        schema.ifPresent(one -> one.write(out));
        ttl.ifPresent(one -> one.write(out));
    }

    public static CollectionOptions read(ByteReader in) {
        int which = in.readVarInt();
        if ((which & ~(SCHEMA | TTL)) != 0) {
            throw new MalformedBytesException("a definition says what this software doesn't know: " + which);
        }
        return new CollectionOptions((which & SCHEMA) != 0 ? Optional.of(SchemaDefinition.read(in)) : Optional.empty(),
                (which & TTL) != 0 ? Optional.of(TtlDefinition.read(in)) : Optional.empty());
    }
}
