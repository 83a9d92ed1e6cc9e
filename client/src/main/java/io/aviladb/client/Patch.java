package io.aviladb.client;

import io.aviladb.client.internal.Await;
import io.aviladb.client.internal.DocumentCalls;
import io.aviladb.client.internal.Exceptions;
import io.aviladb.client.internal.Guard;
import io.aviladb.client.internal.Key;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A change of some fields of one document, put together step by step and applied as one. Paths are JSON Pointers, as in
 * {@code /address/city}. Not thread-safe.
 */
public final class Patch {
    private final DocumentCalls calls;
    private final Key key;
    private final List<PatchOperation> operations = new ArrayList<>();
    private Guard guard = Guard.NONE;

    Patch(DocumentCalls calls, Key key) {
        this.calls = calls;
        this.key = key;
    }

    /** The value takes the path's place; missing parents are made. */
    public Patch set(String path, @Nullable Object value) {
        return add(Kind.SET, path, value);
    }

    /** The member goes. */
    public Patch unset(String path) {
        operations.add(new PatchOperation(Kind.UNSET, FieldPath.parse(path), null, null));
        return this;
    }

    /** Adds to a number; where the path is a counter, concurrent increments add up. */
    public Patch inc(String path, Number by) {
        return add(Kind.INC, path, by);
    }

    /** The greater of the two numbers stays. */
    public Patch max(String path, Number value) {
        return add(Kind.MAX, path, value);
    }

    /** The lesser of the two numbers stays. */
    public Patch min(String path, Number value) {
        return add(Kind.MIN, path, value);
    }

    /** The value becomes the array's last element. */
    public Patch append(String path, @Nullable Object value) {
        return add(Kind.APPEND, path, value);
    }

    /** As append, unless an equal element is there. */
    public Patch addToSet(String path, @Nullable Object value) {
        return add(Kind.ADD_TO_SET, path, value);
    }

    /** Elements equal to the value go from the array. */
    public Patch remove(String path, @Nullable Object value) {
        return add(Kind.REMOVE, path, value);
    }

    /** The value at {@code from} goes to {@code to}. */
    public Patch move(String from, String to) {
        operations.add(new PatchOperation(Kind.MOVE, FieldPath.parse(to), FieldPath.parse(from), null));
        return this;
    }

    /** Only where nothing has changed the document since it was read. */
    public Patch ifUnchanged(StoredDocument base) {
        guard = new Guard.Matches(base.etag());
        return this;
    }

    private Patch add(Kind kind, String path, @Nullable Object value) {
        operations.add(new PatchOperation(kind, FieldPath.parse(path), null, JsonValue.of(value)));
        return this;
    }

    /** @throws io.aviladb.client.error.NotFoundException where there is no such document */
    public WriteResult execute() {
        return Await.get(executeAsync());
    }

    public CompletableFuture<WriteResult> executeAsync() {
        if (operations.isEmpty()) {
            throw Exceptions.invalid(ErrorCode.INVALID_PATCH, "the patch has no operations");
        }
        return calls.patch(key, List.copyOf(operations), guard);
    }
}
