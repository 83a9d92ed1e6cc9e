package io.aviladb.client;

import io.aviladb.client.internal.Exceptions;
import io.aviladb.client.internal.Paths;
import io.aviladb.client.internal.QueryCalls;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.proto.v1.ChangeRequest;
import io.aviladb.proto.v1.ChangeRequest.Assignment;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Sets, adds to and removes fields of all documents that a condition accepts. */
public final class Update extends ConditionalChange<Update> {
    private final List<Assignment> assignments = new ArrayList<>();

    Update(QueryCalls calls) {
        super(calls);
    }

    @Override
    Update self() {
        return this;
    }

    /** The value takes the field's place. A string is a string: {@code "wins + 1"} isn't calculated. */
    public Update set(String field, @Nullable Object value) {
        return add(assignment(field).setSet(QueryCalls.payload(value)));
    }

    /** Adds to a number; concurrent increments add up where the field is a counter. */
    public Update increment(String field, Number by) {
        return add(assignment(field).setIncrement(QueryCalls.payload(by)));
    }

    /** The member goes. */
    public Update unset(String field) {
        return add(assignment(field).setUnset(true));
    }

    private static Assignment.Builder assignment(String field) {
        return Assignment.newBuilder().setPath(Paths.steps(field).toString());
    }

    private Update add(Assignment.Builder assignment) {
        assignments.add(assignment.build());
        return this;
    }

    @Override
    ChangeRequest.Builder request() {
        if (assignments.isEmpty()) {
            throw Exceptions.invalid(ErrorCode.INVALID_PATCH, "the update changes no field");
        }
        return QueryCalls.update(assignments);
    }

    @Override
    String refusal() {
        return "Update without WHERE clause requires explicit confirmation";
    }
}
