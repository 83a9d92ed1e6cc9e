package io.aviladb.node.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.AvilaError;
import io.aviladb.node.meta.MetaMachine;
import io.aviladb.proto.node.DefineReply;
import io.aviladb.proto.node.DefineRequest;
import io.aviladb.storage.engine.SharedEngine;

/** The catalog group's state. An entry is a {@link DefineRequest}; its answer a {@link DefineReply}, or an {@link AvilaError} as a value. */
public final class CatalogMachine extends MetaMachine<CatalogState> {
    public CatalogMachine(SharedEngine shared) {
        super(shared, CatalogState.EMPTY);
    }

    /** The entry that proposes the change. */
    public static byte[] encode(DefineRequest request) {
        ByteWriter out = new ByteWriter();
        request.write(out);
        return out.toByteArray();
    }

    /** The catalog as of the last applied entry. Any thread. */
    public CatalogState state() {
        return value();
    }

    @Override
    protected Step<CatalogState> step(CatalogState state, byte[] entry) {
        ByteReader in = new ByteReader(entry);
        DefineRequest request = DefineRequest.read(in);
        in.expectEnd();
        try {
            CatalogState next = CatalogChange.apply(state, request);
            return new Step<>(next, new DefineReply(next.version()));
        } catch (AvilaError refusal) {
            return new Step<>(state, refusal);
        }
    }

    @Override
    protected void write(CatalogState state, ByteWriter out) {
        state.write(out);
    }

    @Override
    protected CatalogState read(ByteReader in) {
        return CatalogState.read(in);
    }
}
