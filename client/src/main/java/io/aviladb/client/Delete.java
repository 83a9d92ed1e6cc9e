package io.aviladb.client;

import io.aviladb.client.internal.QueryCalls;
import io.aviladb.proto.v1.ChangeRequest;

/** Deletes all documents that a condition accepts. */
public final class Delete extends ConditionalChange<Delete> {
    Delete(QueryCalls calls) {
        super(calls);
    }

    @Override
    Delete self() {
        return this;
    }

    @Override
    ChangeRequest.Builder request() {
        return ChangeRequest.newBuilder().setDelete(ChangeRequest.Delete.getDefaultInstance());
    }

    @Override
    String refusal() {
        return "Delete without WHERE clause is dangerous and not allowed";
    }
}
