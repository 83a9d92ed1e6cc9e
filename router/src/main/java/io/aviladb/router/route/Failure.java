package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import io.aviladb.proto.node.NodeRefusal;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletionException;

/** What may be concluded from a call to a node that failed. */
public sealed interface Failure {
    /** Nothing was done, and another attempt, or another node, may do it. */
    record TryAgain(AvilaError error, Optional<NodeId> leader) implements Failure {}

    /** It may have been done. */
    record Unknown(AvilaError error) implements Failure {}

    /** Nothing was done, and nothing will be: the answer is the error. */
    record Final(AvilaError error) implements Failure {}

    static Failure of(NodeId node, Throwable thrown) {
        Throwable cause = unwrap(thrown);
        if (cause instanceof NodeRefusal refusal) {
            return of(refusal.toError(), refusal.leader());
        }
        if (cause instanceof AvilaError error) {
            return of(error, Optional.empty());
        }
        if (neverSent(cause)) {
            return new TryAgain(new AvilaError(ErrorCode.NO_LEADER, "node " + node + " can't be reached"), Optional.empty());
        }
        return new Unknown(new AvilaError(ErrorCode.INDETERMINATE, "node " + node + " was lost before it answered"));
    }

    /** What an error that a node gave, or a unit's refusal, means. */
    static Failure of(AvilaError error, Optional<NodeId> leader) {
        return switch (error.code()) {
            case NO_LEADER, RANGE_MOVED, NOT_READY, REGION_UNREACHABLE, CLOCK_QUARANTINED, STORAGE_DAMAGED, SESSION_NOT_REACHED,
                    STALENESS_NOT_MET, SNAPSHOT_NOT_REACHED,
                    CATALOG_UNAVAILABLE ->
                new TryAgain(error, leader);
            case INDETERMINATE, TIMED_OUT, INTERNAL -> new Unknown(error);
            default -> new Final(error);
        };
    }

    static Throwable unwrap(Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Whether the connection was never made: then nobody can have acted on the request. */
    private static boolean neverSent(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause != null && depth < 10; depth++) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
