package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.Clock;
import io.aviladb.core.time.HybridLogicalClock;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.CollectorPlan;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A data group with one replica: its log is a list, its clock a field. A crash takes what lies in no checkpoint, and the log is applied again. */
final class SimulatedGroup implements AutoCloseable {
    final int number;
    final RegionIncarnation self;
    final RangeMachine machine;
    final DataGroup data;
    long millis = 1_000;
    private final List<byte[]> log = new ArrayList<>(); // entry i has index i + 1
    private final Path base;
    private CollectorPlan plan;
    private @Nullable Path checkpoint;
    private int generation;

    SimulatedGroup(int region, int number, Path base, SharedEngine engine) {
        this.number = number;
        this.self = new RegionIncarnation(region);
        this.base = base;
        this.machine = new RangeMachine(self, number, engine);
        this.data = new DataGroup(raft(), machine, self, new HybridLogicalClock(new Clock() {
            @Override
            public long millis() {
                return millis;
            }

            @Override
            public long nanos() {
                return millis * 1_000_000;
            }
        }), (delay, task) -> () -> {}, Runnable::run, 100, () -> millis * 1_000_000);
        this.plan = new CollectorPlan(machine, self, 100, 3_600_000);
        open(base.resolve("group" + number));
    }

    private void open(Path directory) {
        try {
            machine.open(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private RaftGroup raft() {
        return (RaftGroup) Proxy.newProxyInstance(RaftGroup.class.getClassLoader(), new Class<?>[]{RaftGroup.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "leadership" -> new Leadership(1, true, Optional.empty());
                    case "descriptor" ->
                        new GroupDescriptor(number, GroupDescriptor.Kind.DATA, List.of(), new NodeId(new RegionId("r"), 1));
                    case "propose" -> CompletableFuture.completedFuture(append((byte[]) arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Object append(byte[] entry) {
        log.add(entry);
        return machine.apply(new LogPosition(1, log.size()), entry, null);
    }

    Object apply(GroupEntry entry) {
        return append(GroupEntry.encode(HybridTimestamp.ofMillis(millis), entry));
    }

    void collect() {
        plan.next(millis).forEach(this::apply);
    }

    void takeCheckpoint() {
        try {
            Path copy = base.resolve("group" + number + "-" + ++generation);
            machine.checkpoint(copy);
            checkpoint = copy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return whether there was a checkpoint to come back to */
    boolean crash() {
        Path from = checkpoint;
        if (from == null) {
            return false;
        }
        checkpoint = null;
        machine.close();
        open(from);
        for (long index = Objects.requireNonNull(machine.storeOrNull()).applied().index() + 1; index <= log.size(); index++) {
            machine.apply(new LogPosition(1, index), log.get((int) index - 1), null);
        }
        plan = new CollectorPlan(machine, self, 100, 3_600_000);
        takeCheckpoint();
        return true;
    }

    @Override
    public void close() {
        machine.close();
    }
}
