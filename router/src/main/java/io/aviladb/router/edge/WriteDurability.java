package io.aviladb.router.edge;

import io.aviladb.core.consistency.Durability;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.RegionId;
import io.aviladb.router.route.Confirmations;
import io.aviladb.router.route.Failure;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Holds a write's answer back until the regions have it that the request asks for. */
final class WriteDurability {
    private final Confirmations confirmations;

    WriteDurability(Confirmations confirmations) {
        this.confirmations = confirmations;
    }

    boolean isLocal(RequestTerms terms) {
        return terms.durability() == Durability.LOCAL;
    }

    /** Before anything is written. @throws AvilaError where the cluster can never give what is asked */
    void check(RequestTerms terms) {
        if (terms.durability() == Durability.REMOTE && confirmations.regions().size() < 2) {
            throw new AvilaError(ErrorCode.INVALID_HEADER, "durability 'remote' needs another region, and the cluster has only one");
        }
    }

    /** Fails with {@link UnconfirmedException} when the request's time ends first. */
    CompletableFuture<DocumentOperations.Written> await(DocumentOperations.Written written, RequestTerms terms) {
        RegionId home = written.served().region();
        List<RegionId> all = confirmations.regions();
        List<RegionId> others = all.stream().filter(region -> !region.equals(home)).toList();
        int enough = switch (terms.durability()) {
            case LOCAL -> 0;
            case REMOTE -> 1;
            case MAJORITY -> all.size() / 2; // and the home region
            case ALL -> others.size();
        };
        return confirmations.await(written.key(), written.unit().version(), others, enough, terms.deadline())
                .handle((have, failure) -> {
                    if (failure != null) {
                        throw Failure.unwrap(failure) instanceof AvilaError error
                                ? new UnconfirmedException(new AvilaError(error.code(), error.detail() + "; receipt " + written.receipt()),
                                        written)
                                : new IllegalStateException(failure);
                    }
                    List<RegionId> regions = new ArrayList<>(List.of(home));
                    regions.addAll(have);
                    return new DocumentOperations.Written(written.id(), written.key(), written.unit(), written.document(), written.served(),
                            written.session(), regions);
                });
    }

    /** A document whose wait ends is an error among the results; an atomic batch is answered as a whole. */
    CompletableFuture<DocumentOperations.BatchResult> await(DocumentOperations.BatchResult batch, boolean atomic, RequestTerms terms) {
        List<CompletableFuture<DocumentOperations.BatchItem>> items = batch.items().stream().map(item -> await(item, atomic, terms))
                .toList();
        return CompletableFuture.allOf(items.toArray(new CompletableFuture<?>[0])).thenApply(
                done -> new DocumentOperations.BatchResult(items.stream().map(CompletableFuture::join).toList(), batch.session()));
    }

    private CompletableFuture<DocumentOperations.BatchItem> await(DocumentOperations.BatchItem item, boolean atomic, RequestTerms terms) {
        DocumentOperations.Written written = item.written();
        if (written == null) {
            return CompletableFuture.completedFuture(item);
        }
        return await(written, terms).thenApply(confirmed -> new DocumentOperations.BatchItem(item.id(), confirmed, null))
                .exceptionallyCompose(failure -> !atomic && Failure.unwrap(failure) instanceof UnconfirmedException unconfirmed
                        ? CompletableFuture.completedFuture(new DocumentOperations.BatchItem(item.id(), null, unconfirmed.error()))
                        : CompletableFuture.failedFuture(failure));
    }
}
