package io.aviladb.router.query;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.plan.ChangePlan;
import io.aviladb.router.edge.DocumentOperations;
import io.aviladb.router.edge.OperationIds;
import io.aviladb.router.edge.PatchBodies;
import io.aviladb.router.edge.RefusedException;
import io.aviladb.router.edge.RequestTerms;
import io.aviladb.router.route.Failure;
import io.aviladb.router.route.Served;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Changes each document that a condition accepts, one write for each: the condition holds of the very state that is changed (If-Match), and is judged
 * again where another write came between. Not atomic as a whole: when it fails, some documents may have been changed, and the error says so.
 */
public final class ChangeRunner {
    /** How often a document is judged again before the request gives up. */
    private static final int ATTEMPTS = 10;

    private final DocumentOperations documents;
    private final CollectionDefinition collection;
    private final ChangePlan plan;
    private final Bindings bindings;
    private final RequestTerms terms;
    private final @Nullable OperationId operation;
    private @Nullable Served served;
    private long changed;
    private VersionVector session;

    /** @param session the request's token joined with what was read and written */
    public record Changed(long count, VersionVector session, @Nullable Served served) {}

    /** @param operation within which each document is changed once, however often it is run */
    public ChangeRunner(DocumentOperations documents, CollectionDefinition collection, ChangePlan plan, Bindings bindings,
            RequestTerms terms, @Nullable OperationId operation) {
        this.documents = documents;
        this.collection = collection;
        this.plan = plan;
        this.bindings = bindings;
        this.terms = terms;
        this.operation = operation;
        this.session = terms.token();
    }

    /** Fails with {@link AvilaError}. */
    public CompletableFuture<Changed> run(Candidates candidates) {
        return candidates.next().exceptionallyCompose(thrown -> CompletableFuture.failedFuture(failure(Failure.unwrap(thrown))))
                .thenComposeAsync(some -> {
                    served = served == null ? some.served() : served;
                    session = session.join(some.seen());
                    List<CompletableFuture<Optional<VersionVector>>> writes = new ArrayList<>();
                    some.candidates().forEach(each -> writes.add(judge(each)));
                    return CompletableFuture.allOf(writes.toArray(new CompletableFuture<?>[0])).handleAsync((done, thrown) -> {
                        writes.forEach(this::count);
                        if (thrown != null) {
                            throw failure(Failure.unwrap(thrown));
                        }
                        return some.rest();
                    }, QueryThreads.POOL);
                }, QueryThreads.POOL).thenCompose(rest -> {
                    if (rest.isEmpty()) {
                        return CompletableFuture.completedFuture(new Changed(changed, session, served));
                    } else if (terms.deadline().isOver()) {
                        throw failure(new AvilaError(ErrorCode.TIMED_OUT, "the time ran out"));
                    }
                    return run(rest.get());
                });
    }

    private void count(CompletableFuture<Optional<VersionVector>> write) {
        if (!write.isCompletedExceptionally()) {
            write.join().ifPresent(seen -> {
                changed++;
                session = session.join(seen);
            });
        }
    }

    private AvilaError failure(Throwable thrown) {
        AvilaError error = thrown instanceof AvilaError known
                ? known
                : thrown instanceof RefusedException refused ? refused.error() : new AvilaError(ErrorCode.INTERNAL, String.valueOf(thrown));
        String before = changed == 0 ? "" : "; " + changed + " documents had been changed before";
        return new AvilaError(error.code(), error.detail() + before, error.retryAfterMillis());
    }

    private CompletableFuture<Optional<VersionVector>> judge(Candidates.Candidate candidate) {
        Candidates.State state = candidate.state();
        return state == null ? read(candidate.key(), 0) : judge(candidate.key(), state.json(), state.vector(), 0);
    }

    /** The session's part where the document was changed; empty where the condition doesn't hold of it. @param attempt from 0 */
    private CompletableFuture<Optional<VersionVector>> judge(DocumentKey key, byte[] json, VersionVector vector, int attempt) {
        Mutation mutation = mutation(json);
        if (mutation == null) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
        return documents
                .change(key, key.id(), new Precondition.Matches(vector), mutation, OperationIds.part(operation, key, attempt), terms)
                .thenApply(written -> Optional.of(written.session()))
                .exceptionallyCompose(thrown -> isPassed(Failure.unwrap(thrown)) && attempt + 1 < ATTEMPTS
                        ? read(key, attempt + 1)
                        : CompletableFuture.failedFuture(Failure.unwrap(thrown)));
    }

    /** Whether the document was another by the time of the write. */
    private static boolean isPassed(Throwable thrown) {
        return thrown instanceof RefusedException refused
                && (refused.error().code() == ErrorCode.PRECONDITION_FAILED || refused.error().code() == ErrorCode.DOCUMENT_NOT_FOUND);
    }

    private CompletableFuture<Optional<VersionVector>> read(DocumentKey key, int attempt) {
        return documents.get(key, terms).thenComposeAsync(found -> found.reply().json().isPresent()
                ? judge(key, found.reply().json().get(), found.reply().vector(), attempt)
                : CompletableFuture.completedFuture(Optional.empty()), QueryThreads.POOL);
    }

    private @Nullable Mutation mutation(byte[] json) {
        Frame frame = new Frame(plan.slots(), bindings);
        frame.set(plan.document(), Document.ofCanonical(json).root());
        if (!plan.where().isTrue(frame)) {
            return null;
        } else if (plan.changes().isEmpty()) {
            return new Mutation.Delete();
        }
        List<PatchOperation> operations = new ArrayList<>();
        for (ChangePlan.Change change : plan.changes()) {
            operations.add(operation(change, frame, operations.size()));
        }
        return PatchBodies.patch(operations, collection.strategy());
    }

    private static PatchOperation operation(ChangePlan.Change change, Frame frame, int index) {
        FieldPath path = new FieldPath(change.path());
        return switch (change) {
            case ChangePlan.Increment increment -> {
                JsonValue amount = increment.amount().evaluate(frame);
                if (!(amount instanceof JsonNumber)) {
                    throw new AvilaError(ErrorCode.QUERY_PARAMETER, "what is added to " + path + " is a number");
                }
                yield PatchBodies.operation(PatchOperation.Kind.INC, path, null, amount, index);
            }
            case ChangePlan.Assign assign -> {
                JsonValue value = assign.value().evaluate(frame);
                yield PatchBodies.operation(value == null ? PatchOperation.Kind.UNSET : PatchOperation.Kind.SET, path, null, value, index);
            }
        };
    }
}
