package io.aviladb.router.edge;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.router.route.Confirmations;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import io.aviladb.router.route.UnitDraft;
import io.aviladb.router.route.UnitResult;
import io.aviladb.router.route.WriteRouter;
import io.aviladb.router.topology.TopologyTracker;
import io.aviladb.router.verify.OrderWatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What can be done with documents. Futures fail with {@link AvilaError}, {@link RefusedException} or {@link UnconfirmedException}. */
public final class DocumentOperations {
    private final TopologyTracker tracker;
    private final WriteRouter writes;
    private final ReadRouter reads;
    private final WriteDurability durability;
    private final OrderWatch order;

    /** @param order told of every document that is read or written */
    public DocumentOperations(TopologyTracker tracker, WriteRouter writes, ReadRouter reads, Confirmations confirmations,
            OrderWatch order) {
        this.tracker = tracker;
        this.writes = writes;
        this.reads = reads;
        this.durability = new WriteDurability(confirmations);
        this.order = order;
    }

    /**
     * A write that happened.
     *
     * @param session the request's token joined with the write
     * @param regions that are known to have it on a majority's disks, that of the write first
     */
    public record Written(String id, DocumentKey key, UnitAnswer.Committed unit, UnitAnswer.DocumentAnswer document, Served served,
            VersionVector session, List<RegionId> regions) {
        public Written {
            regions = List.copyOf(regions);
        }

        /** What the write is asked about by: see {@link Receipts}. */
        public String receipt() {
            return Receipts.id(served.region(), unit, key);
        }
    }

    /** @param reply empty JSON where absence was proven */
    public record Found(ReadReply reply, Served served, VersionVector session) {}

    /** One document of a batch: written, or refused. @param id empty where the document had none that could be read */
    public record BatchItem(String id, @Nullable Written written, @Nullable AvilaError refusal) {}

    public record BatchResult(List<BatchItem> items, VersionVector session) {}

    /** A document of a batch, or why it can't be one. */
    private record Prepared(String id, Keys.@Nullable Keyed keyed, @Nullable AvilaError refusal) {}

    public CompletableFuture<Written> insert(CollectionDefinition collection, JsonObject body, @Nullable OperationId operation,
            RequestTerms terms) {
        DocumentBodies.checked(body);
        String id = Keys.bodyId(body).orElseGet(() -> OperationIds.documentId(operation, 0));
        Keys.Keyed keyed = Keys.inserted(collection, body, id);
        return write(keyed.key(), id, Precondition.INSERT, new Mutation.Put(keyed.document().json()), operation, terms);
    }

    public CompletableFuture<Written> put(CollectionDefinition collection, String id, Optional<List<JsonValue>> partition, JsonObject body,
            Precondition precondition, @Nullable OperationId operation, RequestTerms terms) {
        Keys.Keyed keyed = Keys.put(collection, DocumentBodies.checked(body), partition, id);
        return write(keyed.key(), id, precondition, new Mutation.Put(keyed.document().json()), operation, terms);
    }

    /** A patch or a delete. */
    public CompletableFuture<Written> change(DocumentKey key, String id, Precondition precondition, Mutation mutation,
            @Nullable OperationId operation, RequestTerms terms) {
        return write(key, id, precondition instanceof Precondition.None ? Precondition.PRESENT : precondition, mutation, operation, terms);
    }

    private CompletableFuture<Written> write(DocumentKey key, String id, Precondition precondition, Mutation mutation,
            @Nullable OperationId operation, RequestTerms terms) {
        durability.check(terms);
        UnitDraft draft = new UnitDraft(List.of(new DocumentWrite(key, precondition, mutation)), operation, terms.token());
        CompletableFuture<Written> written = writes.write(home(operation, terms), draft, terms.deadline())
                .thenApply(result -> written(result, 0, id, key, terms));
        return durability.isLocal(terms) ? written : written.thenCompose(one -> durability.await(one, terms));
    }

    /**
     * Where a write runs. One whose first attempt went to another region may have happened there: only that region can tell (S35).
     *
     * @throws AvilaError {@link ErrorCode#INDETERMINATE} where that region can't be reached
     */
    RegionId home(@Nullable OperationId operation, RequestTerms terms) {
        if (operation == null) {
            return terms.region();
        }
        RegionId first = tracker.map().region(operation.region())
                .orElseThrow(() -> new AvilaError(ErrorCode.INDETERMINATE, "the region of the first attempt has begun a new life since"));
        if (!first.equals(tracker.own()) && !tracker.isReachable(first)) {
            throw new AvilaError(ErrorCode.INDETERMINATE, "the first attempt went to " + first + ", which can't be asked now", 1_000);
        }
        return first;
    }

    private Written written(UnitResult result, int index, String id, DocumentKey key, RequestTerms terms) {
        switch (result) {
            case UnitResult.Failed failed -> throw failed.error();
            case UnitResult.Answered answered -> {
                switch (answered.answer()) {
                    case UnitAnswer.Refused refused -> throw new RefusedException(new AvilaError(refused.code(), refused.detail()),
                            terms.token().join(refused.seen()), answered.served());
                    case UnitAnswer.Committed unit -> {
                        UnitAnswer.DocumentAnswer document = unit.documents().get(index);
                        order.wrote(key, document.vector(), answered.served());
                        return new Written(id, key, unit, document, answered.served(),
                                terms.token().join(document.vector()).join(VersionVector.of(unit.version())),
                                List.of(answered.served().region()));
                    }
                }
            }
        }
    }

    public CompletableFuture<Found> get(DocumentKey key, RequestTerms terms) {
        OrderWatch.Expected expected = order.begins(key, terms.consistency(), terms.region(), terms.demand());
        return reads.read(terms.region(), key, terms.consistency(), terms.demand(), terms.deadline()).thenApply(answer -> {
            VersionVector seen = answer.reply().seen().join(answer.reply().vector());
            order.answered(expected, seen, answer.served());
            return new Found(answer.reply(), answer.served(), terms.token().join(seen));
        });
    }

    /**
     * Inserts. Not atomic: each document on its own, each with its own answer. Atomic: one unit, refused as a whole.
     *
     * @param bodies each gives a document, or throws why it isn't one
     */
    public CompletableFuture<BatchResult> batch(CollectionDefinition collection, List<Supplier<JsonObject>> bodies, boolean atomic,
            @Nullable OperationId operation, RequestTerms terms) {
        if (bodies.isEmpty() || bodies.size() > Limits.MAX_BATCH_DOCUMENTS) {
            throw new AvilaError(ErrorCode.TOO_MANY_DOCUMENTS, "the batch has " + bodies.size() + " documents");
        }
        List<Prepared> prepared = new ArrayList<>();
        long bytes = 0;
        for (Supplier<JsonObject> body : bodies) {
            Prepared next = prepare(collection, body, atomic, operation, prepared.size());
            bytes += next.keyed == null ? 0 : next.keyed.document().sizeBytes();
            prepared.add(next);
        }
        int limit = atomic ? Limits.MAX_ATOMIC_BATCH_BYTES : Limits.MAX_BATCH_BYTES;
        if (bytes > limit) {
            throw new AvilaError(ErrorCode.REQUEST_TOO_LARGE,
                    "the batch has " + bytes + " bytes of documents; the limit is " + limit + (atomic ? " for an atomic one" : ""));
        }
        durability.check(terms);
        RegionId home = home(operation, terms);
        CompletableFuture<BatchResult> result = atomic ? atomic(prepared, operation, terms, home) : each(prepared, operation, terms, home);
        return durability.isLocal(terms) ? result : result.thenCompose(batch -> durability.await(batch, atomic, terms));
    }

    private static Prepared prepare(CollectionDefinition collection, Supplier<JsonObject> source, boolean atomic,
            @Nullable OperationId operation, int index) {
        String id = "";
        try {
            JsonObject body = DocumentBodies.checked(DocumentBodies.checkedDepth(source.get()));
            id = Keys.bodyId(body).orElseGet(() -> OperationIds.documentId(operation, index));
            return new Prepared(id, Keys.inserted(collection, body, id), null);
        } catch (AvilaError refusal) {
            if (atomic) {
                throw new AvilaError(refusal.code(), "document " + index + ": " + refusal.detail());
            }
            return new Prepared(id, null, refusal);
        }
    }

    private static DocumentWrite insertion(Keys.Keyed keyed) {
        return new DocumentWrite(keyed.key(), Precondition.INSERT, new Mutation.Put(keyed.document().json()));
    }

    private CompletableFuture<BatchResult> atomic(List<Prepared> prepared, @Nullable OperationId operation, RequestTerms terms,
            RegionId home) {
        List<DocumentWrite> all = new ArrayList<>();
        Set<DocumentKey> keys = new HashSet<>();
        for (Prepared one : prepared) {
            if (one.keyed != null) {
                all.add(insertion(one.keyed));
                if (!keys.add(one.keyed.key())) {
                    throw new AvilaError(ErrorCode.DOCUMENT_EXISTS, "the batch has '" + one.id + "' twice");
                }
            }
        }
        return writes.write(home, new UnitDraft(all, operation, terms.token()), terms.deadline()).thenApply(result -> {
            List<BatchItem> items = new ArrayList<>();
            VersionVector session = terms.token();
            for (int i = 0; i < prepared.size(); i++) {
                Prepared one = prepared.get(i);
                Written written = written(result, i, one.id, Objects.requireNonNull(one.keyed).key(), terms);
                session = session.join(written.session());
                items.add(new BatchItem(written.id(), written, null));
            }
            return new BatchResult(items, session);
        });
    }

    private CompletableFuture<BatchResult> each(List<Prepared> prepared, @Nullable OperationId operation, RequestTerms terms,
            RegionId home) {
        List<UnitDraft> drafts = new ArrayList<>();
        for (int i = 0; i < prepared.size(); i++) {
            Keys.Keyed keyed = prepared.get(i).keyed;
            if (keyed != null) {
                drafts.add(new UnitDraft(List.of(insertion(keyed)), OperationIds.part(operation, i), terms.token()));
            }
        }
        List<CompletableFuture<UnitResult>> results = writes.write(home, drafts, terms.deadline());
        return CompletableFuture.allOf(results.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            List<BatchItem> items = new ArrayList<>();
            VersionVector session = terms.token();
            int sent = 0;
            for (Prepared one : prepared) {
                if (one.keyed == null) {
                    items.add(new BatchItem(one.id, null, one.refusal));
                    continue;
                }
                try {
                    Written written = written(results.get(sent++).join(), 0, one.id, one.keyed.key(), terms);
                    session = session.join(written.session());
                    items.add(new BatchItem(one.id, written, null));
                } catch (RefusedException refused) {
                    session = session.join(refused.session());
                    items.add(new BatchItem(one.id, null, refused.error()));
                } catch (AvilaError failed) {
                    items.add(new BatchItem(one.id, null, failed));
                }
            }
            return new BatchResult(items, session);
        });
    }

    /** What a read is unless the request says otherwise. */
    public static ReadConsistency defaultConsistency(boolean hasToken) {
        return hasToken ? ReadConsistency.SESSION : ReadConsistency.STRONG;
    }
}
