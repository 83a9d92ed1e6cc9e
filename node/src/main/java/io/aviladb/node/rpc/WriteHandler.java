package io.aviladb.node.rpc;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.group.DataGroup;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.WriteReply;
import io.aviladb.proto.node.WriteRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BooleanSupplier;

/** A write's way through the leader: may it be taken on, has the region what its session has seen, then the batcher. */
public final class WriteHandler {
    private final BooleanSupplier diskFull;

    public WriteHandler(BooleanSupplier diskFull) {
        this.diskFull = diskFull;
    }

    public CompletableFuture<WriteReply> write(DataGroup group, WriteRequest request) {
        Leadership leadership = group.raft().leadership();
        if (!leadership.ready()) {
            return CompletableFuture.failedFuture(NodeRefusal.notLeader(request.group(), leadership.leader()));
        }
        List<WriteUnit> units = request.units();
        if (diskFull.getAsBoolean() && units.stream().anyMatch(unit -> !frees(unit))) {
            return CompletableFuture.failedFuture(NodeRefusal.of(ErrorCode.STORAGE_FULL, "the node's disk is nearly full"));
        }
        if (units.size() == 1) {
            return submit(group, units.get(0), request.timeoutMillis()).thenApply(answer -> new WriteReply(List.of(answer)));
        }
        List<CompletableFuture<UnitAnswer>> answers = new ArrayList<>(units.size());
        for (WriteUnit unit : units) {
            answers.add(submit(group, unit, request.timeoutMillis()).exceptionally(WriteHandler::refused));
        }
        return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
                .thenApply(done -> new WriteReply(answers.stream().map(CompletableFuture::join).toList()));
    }

    private static boolean frees(WriteUnit unit) {
        return unit.writes().stream().map(DocumentWrite::mutation).allMatch(Mutation.Delete.class::isInstance);
    }

    private static CompletableFuture<UnitAnswer> submit(DataGroup group, WriteUnit unit, long timeoutMillis) {
        long timeout = Math.max(1, timeoutMillis);
        for (int i = 0; i < unit.writes().size(); i++) {
            group.loads().hit(unit.ranges().get(i), unit.writes().get(i).key());
        }
        return covered(group, unit)
                ? group.batcher().submit(unit, timeout)
                : group.reader().covered(unit.ranges(), unit.token(), timeout)
                        .thenCompose(met -> group.batcher().submit(unit, timeout));
    }

    /** Most tokens name this region only: the stamp takes care of it. */
    private static boolean covered(DataGroup group, WriteUnit unit) {
        return unit.token().size() == 0 || group.reader().isCoveredNow(unit.ranges(), unit.token());
    }

    private static UnitAnswer refused(Throwable failure) {
        Throwable cause = failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof NodeRefusal refusal) {
            return new UnitAnswer.Refused(refusal.code(), refusal.detail(), 0, VersionVector.EMPTY);
        }
        if (cause instanceof AvilaError error) {
            return new UnitAnswer.Refused(error.code(), error.detail(), 0, VersionVector.EMPTY);
        }
        return new UnitAnswer.Refused(ErrorCode.INDETERMINATE, String.valueOf(cause), 0, VersionVector.EMPTY);
    }
}
