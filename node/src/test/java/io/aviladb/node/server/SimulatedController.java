package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.Leadership;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;

/**
 * A region's controller and the messages on their way to the groups: they and their answers are lost, come again later, and groups crash and drivers are
 * deposed in between. Keeps the maps that routers may still believe.
 */
final class SimulatedController implements AutoCloseable {
    private static final NodeId NODE = new NodeId(new RegionId("r"), 1);

    private final Random random;
    private final Map<String, Integer> covered; // what happened at which step, over all seeds
    private final IntFunction<SimulatedGroup> groups;
    private final ControllerMachine machine;
    private final TransferWork work = new TransferWork((group, request) -> handle(request), Runnable::run, 200);
    private final List<RangeMap> maps = new ArrayList<>();
    private final List<RangeRequest> late = new ArrayList<>(); // what may arrive again
    private OperationDriver driver;
    private boolean faulty = true;
    private long index;
    private long nanos;

    SimulatedController(Random random, Path where, SharedEngine engine, IntFunction<SimulatedGroup> groups, Map<String, Integer> covered) {
        this.random = random;
        this.covered = covered;
        this.groups = groups;
        this.machine = new ControllerMachine(engine, List.of(101, 102, 103));
        try {
            machine.open(where);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        this.driver = newDriver();
    }

    RangeMap map() {
        return machine.map();
    }

    /** One that a router may still believe. */
    RangeMap anyMap() {
        return maps.get(random.nextInt(maps.size()));
    }

    List<RangeOperation> running() {
        return machine.value().running();
    }

    void passes(long nanosMore) {
        nanos += nanosMore;
    }

    /** From here on nothing is lost. */
    void heal() {
        faulty = false;
    }

    /** The driver looks at the operations, and asks for what is next. */
    void drive() {
        driver.drive(raft(), machine);
    }

    boolean hasLate() {
        return !late.isEmpty();
    }

    /** A message that was sent once comes again, and its answer goes nowhere. */
    void repeatLate() {
        var unused = handle(late.get(random.nextInt(late.size()))).exceptionally(failure -> null);
    }

    private OperationDriver newDriver() {
        NodeApi api = (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> sent((RangeRequest) arguments[0]));
        return new OperationDriver(new GroupLeaders(number -> Optional.of(NODE), number -> List.of(NODE), node -> api), () -> nanos);
    }

    private static String name(RangeRequest request) {
        return request instanceof RangeRequest.TakeStep step
                ? step.step().name()
                : request instanceof RangeRequest.Perform perform ? perform.operation().kind().name() : "piece";
    }

    private boolean happens(String what, int oneIn) {
        boolean happens = faulty && random.nextInt(oneIn) == 0;
        if (happens) {
            covered.merge(what, 1, Integer::sum);
        }
        return happens;
    }

    private CompletableFuture<RangeReply> sent(RangeRequest request) {
        late.add(request);
        String step = name(request);
        if (happens(step + ": request lost", 8)) {
            return CompletableFuture.failedFuture(new IllegalStateException("lost"));
        }
        CompletableFuture<RangeReply> reply = handle(request);
        RangeOperation operation = request instanceof RangeRequest.TakeStep taken
                ? taken.operation()
                : ((RangeRequest.Perform) request).operation();
        if (happens(step + ": old group crashes", 8)) {
            groups.apply(operation.group()).crash();
        }
        if (operation.move().isPresent() && happens(step + ": new group crashes", 8)) {
            groups.apply(operation.move().get().group()).crash();
        }
        if (happens(step + ": driver is deposed", 8)) {
            driver = newDriver();
        }
        if (happens(step + ": answer lost", 8)) {
            return CompletableFuture.failedFuture(new IllegalStateException("lost"));
        }
        return reply;
    }

    private CompletableFuture<RangeReply> handle(RangeRequest request) {
        try {
            return switch (request) {
                case RangeRequest.TakeStep step -> work.step(groups.apply(step.step().group(step.operation())).data, step);
                case RangeRequest.Perform perform -> RangeWork.perform(groups.apply(perform.operation().group()).data, perform.operation());
                case RangeRequest.Copy copy -> happens("piece lost", 10)
                        ? CompletableFuture.failedFuture(new IllegalStateException("lost"))
                        : work.read(groups.apply(copy.group()).data, copy);
                default -> throw new IllegalStateException("no driver asks for " + request);
            };
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** An entry of its log, applied. */
    Object apply(ControllerEntry entry) {
        Object answer = machine.apply(new LogPosition(1, ++index), entry.encode(), null);
        if (maps.isEmpty() || !maps.getLast().equals(machine.map())) {
            maps.add(machine.map());
        }
        return answer;
    }

    private RaftGroup raft() {
        return (RaftGroup) Proxy.newProxyInstance(RaftGroup.class.getClassLoader(), new Class<?>[]{RaftGroup.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "leadership" -> new Leadership(1, true, Optional.empty());
                    case "propose" -> proposed(ControllerEntry.decode((byte[]) arguments[0]));
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private CompletableFuture<Object> proposed(ControllerEntry entry) {
        String what = entry.getClass().getSimpleName();
        if (happens(what + ": entry lost", 6)) {
            return CompletableFuture.failedFuture(new IllegalStateException("lost"));
        }
        Object answer = apply(entry);
        return happens(what + ": answer lost", 6)
                ? CompletableFuture.failedFuture(new IllegalStateException("lost"))
                : CompletableFuture.completedFuture(answer);
    }

    @Override
    public void close() {
        machine.close();
    }
}
