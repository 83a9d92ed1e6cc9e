package io.aviladb.node.server;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.controller.RangePolicy;
import io.aviladb.node.controller.RangePolicy.Decision;
import io.aviladb.node.controller.RangeThresholds;
import io.aviladb.proto.node.NodeStatus;
import io.aviladb.proto.node.RangeRequest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the region's ranges split and merge by themselves, at the controller's leader: looks at them every few seconds, asks the {@link RangePolicy}, and
 * proposes what it decides as the operations that people ask for by hand. The controller refuses a range that an operation has, so that there is
 * one operation at a time for each; an operation's token comes of the range at its epoch, so that a leader that is deposed and its successor begin
 * one operation and not two.
 */
final class RangeKeeper {
    private static final Logger log = LoggerFactory.getLogger(RangeKeeper.class);
    private static final long SPLIT_TOKEN = 0x5EED5EED5EED5EEDL;
    private static final long MERGE_TOKEN = 0x3E463E463E463E46L;

    private final RangeThresholds thresholds;
    private final RangePolicy policy;
    private final GroupLeaders leaders;
    private final Supplier<CompletableFuture<List<NodeStatus.Range>>> measure;
    private final AtomicBoolean underWay = new AtomicBoolean();
    private RangePolicy.Memory memory = RangePolicy.Memory.NONE; // guarded by this
    private volatile Set<RangeRef> told = Set.of(); // ranges whose hot key was reported; written by the look that is under way
    private long lastLookMillis; // owned by the thread that calls look

    /** @param measure asks all nodes of the region for the ranges whose groups they lead; lacks those of nodes that don't answer */
    RangeKeeper(RangeThresholds thresholds, GroupLeaders leaders, Supplier<CompletableFuture<List<NodeStatus.Range>>> measure) {
        this.thresholds = thresholds;
        this.policy = new RangePolicy(thresholds);
        this.leaders = leaders;
        this.measure = measure;
    }

    /** Called often, by one thread. Completes when what was decided has been proposed; at once where no look is due. */
    CompletableFuture<Void> look(RaftGroup raft, ControllerMachine machine, long nowMillis) {
        if (!thresholds.automatic() || !raft.leadership().ready()) {
            remember(RangePolicy.Memory.NONE);
            return CompletableFuture.completedFuture(null);
        }
        long passed = nowMillis - lastLookMillis;
        if (passed >= 0 && passed < thresholds.period().toMillis() || !underWay.compareAndSet(false, true)) {
            return CompletableFuture.completedFuture(null);
        }
        lastLookMillis = nowMillis;
        return measure.get().thenCompose(measured -> act(raft, machine, measured, nowMillis)).whenComplete((done, failure) -> {
            underWay.set(false);
            if (failure != null) {
                log.atWarn().setCause(failure).log("Ranges couldn't be looked at; the next look comes");
            }
        });
    }

    private synchronized RangePolicy.Memory remembered() {
        return memory;
    }

    private synchronized void remember(RangePolicy.Memory next) {
        memory = next;
    }

    private synchronized void undivided(RangeRef range, long sizeBytes) {
        memory = memory.withUndivided(range, sizeBytes);
    }

    private CompletableFuture<Void> act(RaftGroup raft, ControllerMachine machine, List<NodeStatus.Range> measured, long nowMillis) {
        Map<RangeRef, NodeStatus.Range> byRef = new HashMap<>();
        measured.forEach(range -> byRef.put(range.ref(), range));
        RangePolicy.Outcome outcome = policy.decide(machine.value(), byRef, remembered(), nowMillis);
        remember(outcome.memory());
        List<CompletableFuture<?>> steps = new ArrayList<>();
        Set<RangeRef> hot = new HashSet<>();
        for (Decision decision : outcome.decisions()) {
            switch (decision) {
                case Decision.Halve halve -> steps.add(halve(raft, halve));
                case Decision.Cut cut -> steps.add(split(raft, cut.range(), cut.at(), "load"));
                case Decision.Unite unite -> steps.add(propose(raft, unite.right(), "merge",
                        new ControllerEntry.Merge(unite.right().collection(), unite.right().keys().start(), false,
                                token(MERGE_TOKEN, unite.left().ref(), unite.right().ref()))));
                case Decision.HotKey key -> {
                    hot.add(key.range().ref());
                    report(key);
                }
            }
        }
        told = Set.copyOf(hot);
        return CompletableFuture.allOf(steps.toArray(new CompletableFuture<?>[0]));
    }

    private CompletableFuture<?> halve(RaftGroup raft, Decision.Halve halve) {
        RangeMap.Range range = halve.range();
        return leaders.ask(range.group(), new RangeRequest.Middle(range.group(), range.ref())).thenCompose(reply -> {
            if (reply.bytes().length != 0) {
                return split(raft, range, reply.bytes(), "size");
            }
            undivided(range.ref(), halve.sizeBytes());
            log.atWarn().addKeyValue("range", range.ref().range()).addKeyValue("bytes", halve.sizeBytes())
                    .log("Range is too large, and can't be cut: one document has nearly all of it");
            return CompletableFuture.completedFuture(null);
        }).exceptionally(failure -> {
            log.atInfo().addKeyValue("range", range.ref().range()).addKeyValue("failure", failure.toString())
                    .log("Range's middle isn't known; the next look asks again");
            return null;
        });
    }

    private CompletableFuture<Object> split(RaftGroup raft, RangeMap.Range range, byte[] at, String why) {
        return propose(raft, range, why,
                new ControllerEntry.Split(range.collection(), at, false, token(SPLIT_TOKEN, range.ref(), range.ref())));
    }

    private CompletableFuture<Object> propose(RaftGroup raft, RangeMap.Range range, String why, ControllerEntry entry) {
        return raft.propose(entry.encode(), null).handle((answer, failure) -> {
            if (failure != null || answer instanceof AvilaError) {
                log.atInfo().addKeyValue("range", range.ref().range()).addKeyValue("why", why)
                        .addKeyValue("refusal", String.valueOf(failure != null ? failure : answer))
                        .log("Range operation not begun; the next look decides anew");
            } else {
                log.atInfo().addKeyValue("range", range.ref().range()).addKeyValue("why", why).log("Range operation begun");
            }
            return Boolean.TRUE;
        });
    }

    /** Once for a range at an epoch, while it lasts. */
    private void report(Decision.HotKey hot) {
        if (!told.contains(hot.range().ref())) {
            log.atWarn().addKeyValue("range", hot.range().ref().range())
                    .addKeyValue("share", hot.key().share()).addKeyValue("opsPerSecond", Math.round(hot.opsPerSecond()))
                    .log("One key has most of a range's load: no split helps; the list of ranges names it");
        }
    }

    /** Tells an operation on the ranges at these epochs from every other; from those asked for by hand by chance, one in 2^64. */
    private static long token(long kind, RangeRef left, RangeRef right) {
        long token = kind;
        for (long part : new long[]{left.range(), left.epoch(), right.range(), right.epoch()}) {
            token = (token ^ part) * 0x9E3779B97F4A7C15L;
            token ^= token >>> 32;
        }
        return token;
    }
}
