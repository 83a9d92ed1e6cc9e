package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import io.aviladb.core.write.Precondition;
import io.aviladb.crdt.conflict.Conflict;
import io.aviladb.crdt.conflict.ConflictRecord;
import io.aviladb.crdt.conflict.FieldOutcome;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.edge.DocumentOperations.Written;
import io.aviladb.router.scatter.ConflictLister;
import io.aviladb.router.scatter.ListQuery;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/**
 * Resolves conflicts by ordinary writes: what is chosen, restored or written is put on top of the state that was looked at, and refused where that
 * has changed. Such a write has seen all there was, so it stands above it in every region.
 */
public final class Resolver {
    private final DocumentOperations documents;
    private final History history;

    Resolver(DocumentOperations documents, History history) {
        this.documents = documents;
        this.history = history;
    }

    /** What a resolution is about. */
    private record Asked(CollectionDefinition collection, Optional<List<JsonValue>> partition, DocumentKey key, String id,
            @Nullable OperationId operation, RequestTerms terms) {}

    /** What is there: versions by name, and conflicts of the document. */
    private record Found(HistoryReply.Versions versions, List<HistoryReply.Conflict> conflicts) {
        List<ConflictRecord> unsettled() {
            return conflicts.stream().filter(conflict -> !conflict.settled()).map(row -> ConflictRecord.decode(row.record())).toList();
        }

        List<Version> live() {
            return versions.rows().stream().filter(HistoryReply.Row::live).map(HistoryReply.Row::version).toList();
        }
    }

    /**
     * Fails with {@link ErrorCode#CONFLICT_SETTLED} where somebody was faster, {@link ErrorCode#VERSION_EXPIRED} or {@link
     * ErrorCode#VERSION_NOT_FOUND} where the version isn't kept, {@link ErrorCode#CONFLICT_NOT_FOUND} where it is in no conflict; nothing has
     * changed then.
     */
    public CompletableFuture<Written> resolve(CollectionDefinition collection, Optional<List<JsonValue>> partition, String id,
            Resolution resolution, @Nullable OperationId operation, RequestTerms terms) {
        DocumentKey key = Keys.of(collection, partition, id);
        RequestTerms strong = new RequestTerms(terms.token(), ReadConsistency.STRONG, VersionVector.EMPTY, terms.durability(),
                terms.deadline(), terms.regions());
        Asked asked = new Asked(collection, partition, key, id, operation, terms);
        ConflictLister.Query conflicts = new ConflictLister.Query(KeyRange.prefix(key.bytes()), Optional.empty(), HybridTimestamp.ZERO,
                ListQuery.MAX_PAGE_SIZE, terms.region(), ReadConsistency.STRONG, VersionVector.EMPTY, terms.deadline());
        CompletableFuture<Written> written = history.conflicts(conflicts)
                .thenCompose(page -> history.versions(key, Optional.empty(), strong)
                        .thenCompose(versions -> decide(new Found(versions.reply(), page.rows()), resolution, asked, strong)));
        return written.exceptionallyCompose(failure -> CompletableFuture.failedFuture(settledWhereItHasChanged(failure)));
    }

    private CompletableFuture<Written> decide(Found found, Resolution resolution, Asked asked, RequestTerms strong) {
        return switch (resolution) {
            case Resolution.Choose choose -> choose(found, choose.version(), asked, strong);
            case Resolution.Restore restore -> bring(found, restore.version(), asked, strong);
            case Resolution.Write write -> covers(found, write.versions())
                    ? documents.put(asked.collection, asked.id, asked.partition, write.document(), seen(found), asked.operation,
                            asked.terms)
                    : settled("the document has versions that the resolution doesn't name, or no open conflict", asked);
        };
    }

    /** What the version lost comes back; what others have changed beside it stays. */
    private CompletableFuture<Written> choose(Found found, Version version, Asked asked, RequestTerms strong) {
        List<Conflict> open = found.unsettled().stream().filter(record -> isSide(record, version)).map(ConflictRecord::conflict).toList();
        if (open.isEmpty()) {
            boolean known = found.conflicts().stream()
                    .anyMatch(row -> row.id().older().equals(version) || row.id().newer().equals(version));
            if (!known) {
                throw new AvilaError(ErrorCode.CONFLICT_NOT_FOUND, "version " + version + " is in no conflict that is kept here");
            }
            return settled("somebody has written the document after having seen version " + version + " and the other side", asked);
        }
        Map<FieldPath, Optional<JsonValue>> values = new LinkedHashMap<>();
        for (Conflict conflict : open) {
            if (!asked.collection.policies().knows(conflict.policyNumber())) {
                throw new AvilaError(ErrorCode.NOT_READY, "merge policy " + conflict.policyNumber() + " isn't known here yet");
            }
            boolean older = conflict.older().version().equals(version);
            conflict.fields(asked.collection.policies()).stream().filter(FieldOutcome::isOverwritten)
                    .forEach(field -> values.put(field.path(), older ? field.older() : field.newer()));
        }
        if (values.containsKey(FieldPath.ROOT)) { // the document itself was at stake
            return bring(found, version, asked, strong);
        }
        List<PatchOperation> operations = values.entrySet().stream()
                .map(entry -> new PatchOperation(entry.getValue().isPresent() ? Kind.SET : Kind.UNSET, entry.getKey(), null,
                        entry.getValue().orElse(null)))
                .toList();
        return documents.change(asked.key, asked.id, seen(found), new Mutation.Patch(operations), asked.operation, asked.terms);
    }

    private static boolean isSide(ConflictRecord record, Version version) {
        return record.conflict().older().version().equals(version) || record.conflict().newer().version().equals(version);
    }

    /** Whether the versions are all that is there: named themselves, or by both sides of a conflict that lives on as one body. */
    private static boolean covers(Found found, List<Version> versions) {
        List<ConflictRecord> unsettled = found.unsettled();
        return (found.live().size() > 1 || !unsettled.isEmpty()) && found.live().stream().allMatch(live -> versions.contains(live)
                || unsettled.stream().anyMatch(record -> record.isAmong(List.of(live))
                        && versions.contains(record.conflict().older().version())
                        && versions.contains(record.conflict().newer().version())));
    }

    private CompletableFuture<Written> bring(Found found, Version version, Asked asked, RequestTerms strong) {
        return history.versions(asked.key, Optional.of(version), strong).thenCompose(one -> {
            HistoryReply.Row row = one.reply().rows().stream().findFirst().orElseThrow(() -> one.missing(version));
            Mutation mutation = row.delete() ? new Mutation.Delete() : new Mutation.Put(row.json());
            return documents.change(asked.key, asked.id, seen(found), mutation, asked.operation, asked.terms);
        });
    }

    private static Precondition seen(Found found) {
        return new Precondition.Seen(found.versions().exists() ? found.versions().vector() : VersionVector.EMPTY);
    }

    /**
     * An operation that may have been done before is asked for by its id, under a condition that never holds: it is answered as it was, or not
     * done now.
     */
    private CompletableFuture<Written> settled(String why, Asked asked) {
        if (asked.operation == null) {
            throw new AvilaError(ErrorCode.CONFLICT_SETTLED, why);
        }
        return documents.change(asked.key, asked.id, new Precondition.Matches(VersionVector.EMPTY), new Mutation.Delete(), asked.operation,
                asked.terms);
    }

    private static Throwable settledWhereItHasChanged(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause instanceof RefusedException refused && refused.error().code() == ErrorCode.PRECONDITION_FAILED
                ? new RefusedException(
                        new AvilaError(ErrorCode.CONFLICT_SETTLED, "the document has been written, or has got other versions, since"),
                        refused.session(), refused.served())
                : cause;
    }
}
