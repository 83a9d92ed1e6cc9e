package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.proto.node.HistoryRequest;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ConflictLister;
import io.aviladb.router.scatter.TombstoneLister;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What is asked of the past: conflicts, versions. Futures fail with {@link io.aviladb.core.error.AvilaError}. */
public final class History {
    private final ReadRouter reads;
    private final ConflictLister conflicts;
    private final TombstoneLister tombstones;

    public History(ReadRouter reads) {
        this.reads = reads;
        this.conflicts = new ConflictLister(reads);
        this.tombstones = new TombstoneLister(reads);
    }

    /** @param session the request's token joined with what was seen */
    public record Versions(HistoryReply.Versions reply, Served served, VersionVector session) {
        /** Why the version isn't among these: what the document has absorbed and doesn't keep is over; what it hasn't is unknown. */
        public RefusedException missing(Version version) {
            AvilaError error = reply.vector().covers(version)
                    ? new AvilaError(ErrorCode.VERSION_EXPIRED, "version " + version + " of the document is no longer kept")
                    : new AvilaError(ErrorCode.VERSION_NOT_FOUND, "the document has no version " + version + " here");
            return new RefusedException(error, session, served);
        }
    }

    public Resolver resolver(DocumentOperations documents) {
        return new Resolver(documents, this);
    }

    public CompletableFuture<ConflictLister.Page> conflicts(ConflictLister.Query query) {
        return conflicts.list(query);
    }

    public CompletableFuture<TombstoneLister.Page> tombstones(TombstoneLister.Query query) {
        return tombstones.list(query);
    }

    /** @param only this version, with its body; without it all, without bodies */
    public CompletableFuture<Versions> versions(DocumentKey key, Optional<Version> only, RequestTerms terms) {
        return reads.route(terms.region(), map -> map.find(key), terms.consistency(), terms.demand(), terms.deadline(),
                (node, range, demand) -> node.history(new HistoryRequest.Versions(range.group(), range.ref(), key, only, demand)))
                .thenApply(answer -> {
                    HistoryReply.Versions reply = (HistoryReply.Versions) answer.reply();
                    return new Versions(reply, answer.served(), terms.token().join(reply.vector()));
                });
    }
}
