package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.proto.node.NodeApi;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeOperation.Stage;
import io.aviladb.proto.node.RangeReply;
import io.aviladb.proto.node.RangeRequest;
import io.aviladb.proto.node.RangeRequest.Step;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** In which order steps are asked for, what ends a stage, and when a frozen range goes back. */
class TransferDriverTest {
    private static final NodeId NODE = new NodeId(new RegionId("r"), 1);
    private static final RangeOperation TRANSFER = new RangeOperation(4, 7, RangeOperation.Kind.TRANSFER, RangeOperation.State.RUNNING, 1,
            101, new RangeRef(1, 1), new byte[0], new RangeRef(1, 2), true, "",
            Optional.of(new RangeOperation.Move(102, KeyRange.collection(1), Stage.COPYING)));

    private final List<Step> asked = new ArrayList<>();
    private final List<ControllerEntry> proposed = new ArrayList<>();
    private final Map<Step, RangeOperation> answers = new EnumMap<>(Step.class); // done where nothing else is said
    private long nanos;
    private final TransferDriver driver = new TransferDriver(
            new GroupLeaders(number -> Optional.of(NODE), number -> List.of(NODE), node -> api()), () -> nanos);

    private NodeApi api() {
        return (NodeApi) Proxy.newProxyInstance(NodeApi.class.getClassLoader(), new Class<?>[]{NodeApi.class},
                (proxy, method, arguments) -> {
                    RangeRequest.TakeStep request = (RangeRequest.TakeStep) arguments[0];
                    asked.add(request.step());
                    return CompletableFuture
                            .completedFuture(RangeReply.of(answers.getOrDefault(request.step(), request.operation().finished(""))));
                });
    }

    private RaftGroup raft() {
        return (RaftGroup) Proxy.newProxyInstance(RaftGroup.class.getClassLoader(), new Class<?>[]{RaftGroup.class},
                (proxy, method, arguments) -> {
                    proposed.add(ControllerEntry.decode((byte[]) arguments[0]));
                    return CompletableFuture.completedFuture("applied");
                });
    }

    private void drive(RangeOperation transfer) {
        assertThat(driver.drive(raft(), transfer)).isDone();
    }

    @Test
    void theMapDecidesOnceTheCopyIsWhole() {
        drive(TRANSFER);
        assertThat(asked).containsExactly(Step.EXPORT, Step.COPY, Step.FREEZE, Step.COMPLETE);
        assertThat(proposed).containsExactly(new ControllerEntry.Decide(4, ""));
    }

    @Test
    void nothingIsFrozenBeforeTheCopyHasCaughtUp() {
        answers.put(Step.COPY, TRANSFER);
        drive(TRANSFER);
        assertThat(asked).containsExactly(Step.EXPORT, Step.COPY);
        assertThat(proposed).isEmpty();
    }

    @Test
    void whatAGroupRefusesForEverIsGivenUp() {
        answers.put(Step.EXPORT, TRANSFER.finished("another epoch"));
        drive(TRANSFER);
        assertThat(proposed).containsExactly(new ControllerEntry.Decide(4, "another epoch"));
    }

    @Test
    void aRangeThatStaysFrozenForTenSecondsGoesBack() {
        answers.put(Step.COMPLETE, TRANSFER); // the new group has no room, or no majority
        drive(TRANSFER);
        nanos += Duration.ofMillis(9_900).toNanos();
        drive(TRANSFER);
        assertThat(proposed).isEmpty();
        nanos += Duration.ofMillis(200).toNanos();
        drive(TRANSFER);
        assertThat(proposed).singleElement().isInstanceOfSatisfying(ControllerEntry.Decide.class,
                decide -> assertThat(decide.error()).contains("within 10 s"));
    }

    @Test
    void whatIsDecidedIsCarriedOutAndThenEnds() {
        drive(TRANSFER.decided(Stage.MOVED, ""));
        assertThat(asked).containsExactly(Step.TAKE, Step.LEAVE);
        assertThat(proposed).containsExactly(new ControllerEntry.Finish(4, ""));
        asked.clear();
        proposed.clear();
        drive(TRANSFER.decided(Stage.STAYS, "no room"));
        assertThat(asked).containsExactly(Step.UNFREEZE, Step.DISCARD);
        assertThat(proposed).containsExactly(new ControllerEntry.Finish(4, "no room"));
    }

    @Test
    void nothingEndsWhileRowsAreLeft() {
        answers.put(Step.LEAVE, TRANSFER);
        drive(TRANSFER.decided(Stage.MOVED, ""));
        assertThat(proposed).isEmpty();
    }
}
