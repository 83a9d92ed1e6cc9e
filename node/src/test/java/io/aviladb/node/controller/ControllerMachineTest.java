package io.aviladb.node.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.controller.ControllerEntry.Assign;
import io.aviladb.node.controller.ControllerEntry.Drop;
import io.aviladb.node.controller.ControllerEntry.Finish;
import io.aviladb.node.controller.ControllerEntry.Merge;
import io.aviladb.node.controller.ControllerEntry.Split;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ControllerMachineTest {
    private static final List<Integer> GROUPS = List.of(101, 102, 103);

    @TempDir
    Path directory;

    private final SharedEngine shared = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
    private final ControllerMachine controller = new ControllerMachine(shared, GROUPS);
    private long index;

    @BeforeEach
    void open() throws IOException {
        assertThat(controller.open(directory.resolve("db"))).isEqualTo(LogPosition.START);
    }

    @AfterEach
    void close() {
        controller.close();
        shared.close();
    }

    private RangeMap apply(ControllerEntry entry) {
        return ((ControllerState) answer(entry)).map();
    }

    private Object answer(ControllerEntry entry) {
        return controller.apply(new LogPosition(1, ++index), entry.encode(), null);
    }

    @Test
    void groupsTakeTurnsWhateverIsDropped() {
        for (int collection = 1; collection <= 3; collection++) {
            apply(new Assign(collection));
        }
        apply(new Drop(1));
        RangeMap map = apply(new Assign(7));
        assertThat(map.ranges()).containsExactly(
                new RangeMap.Range(new RangeRef(2, 1), 2, KeyRange.collection(2), 102),
                new RangeMap.Range(new RangeRef(3, 1), 3, KeyRange.collection(3), 103),
                new RangeMap.Range(new RangeRef(4, 1), 7, KeyRange.collection(7), 101));
        assertThat(map.version()).isEqualTo(5);
        assertThat(controller.map()).isEqualTo(map);
    }

    @Test
    void entriesProposedAgainChangeNothing() {
        List<Long> heard = new ArrayList<>();
        controller.onChange(() -> heard.add(controller.map().version()));
        RangeMap once = apply(new Assign(1));
        assertThat(apply(new Assign(1))).isSameAs(once);
        RangeMap gone = apply(new Drop(1));
        assertThat(gone.ranges()).isEmpty();
        assertThat(apply(new Drop(1))).isSameAs(gone);
        assertThat(heard).containsExactly(1L, 2L);
    }

    @Test
    void mapAndPositionSurviveClosing() throws IOException {
        apply(new Assign(1));
        RangeMap before = apply(new Assign(2));
        controller.close();
        ControllerMachine again = new ControllerMachine(shared, GROUPS);
        assertThat(again.open(directory.resolve("db"))).isEqualTo(new LogPosition(1, 2));
        assertThat(again.map()).isEqualTo(before);
        again.close();
    }

    @Test
    void checkpointEqualsTheState() throws IOException {
        RangeMap then = apply(new Assign(1));
        byte[] hash = controller.stateHash();
        Path copy = directory.resolve("copy");
        assertThat(controller.checkpoint(copy)).isEqualTo(new LogPosition(1, 1));
        apply(new Assign(2));
        ControllerMachine copied = new ControllerMachine(shared, GROUPS);
        copied.open(copy);
        assertThat(copied.map()).isEqualTo(then);
        assertThat(copied.stateHash()).isEqualTo(hash).isNotEqualTo(controller.stateHash());
        copied.close();
    }

    @Test
    void mapAndEntriesKeepTheirBytes() {
        apply(new Assign(1));
        RangeMap map = apply(new Assign(Integer.MAX_VALUE));
        assertThat(RangeMap.decode(map.encode())).isEqualTo(map);
        assertThat(ControllerEntry.decode(new Assign(300).encode())).isEqualTo(new Assign(300));
        assertThat(ControllerEntry.decode(new Drop(300).encode())).isEqualTo(new Drop(300));
        assertThatThrownBy(() -> ControllerEntry.decode(new byte[]{9, 1})).isInstanceOf(MalformedBytesException.class);
    }

    private RangeOperation begin(ControllerEntry entry) {
        return ((ControllerState) answer(entry)).operations().getLast();
    }

    private static byte[] key(int last) {
        return new byte[]{0, 0, 0, 1, (byte) last};
    }

    private void refused(ControllerEntry entry, ErrorCode code) {
        ControllerState before = controller.value();
        assertThat(answer(entry)).isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(code));
        assertThat(controller.value()).isSameAs(before);
    }

    @Test
    void theMapFollowsOnceTheGroupHasSplit() {
        RangeMap before = apply(new Assign(1));
        RangeOperation split = begin(new Split(1, key(5), true, 11));
        assertThat(controller.map().ranges()).as("the group's log comes first").isEqualTo(before.ranges());
        assertThat(split.other()).as("nobody else gets the child's number").isEqualTo(new RangeRef(2, 2));
        assertThat(controller.map().nextRange()).isEqualTo(3);
        RangeMap after = apply(new Finish(split.number(), ""));
        assertThat(after.ranges()).containsExactly(
                new RangeMap.Range(new RangeRef(1, 2), 1, new KeyRange(before.ranges().getFirst().keys().start(), key(5)), 101),
                new RangeMap.Range(new RangeRef(2, 2), 1, new KeyRange(key(5), before.ranges().getFirst().keys().end()), 101, true));
        assertThat(controller.value().find(split.number())).contains(split.finished(""));
        assertThat(apply(new Finish(split.number(), "late"))).as("over is over").isEqualTo(after);
        RangeOperation merge = begin(new Merge(1, key(5), true, 12));
        RangeMap whole = apply(new Finish(merge.number(), ""));
        assertThat(whole.ranges()).containsExactly(new RangeMap.Range(new RangeRef(1, 3), 1, before.ranges().getFirst().keys(), 101));
        assertThat(apply(new Assign(2)).ranges().getLast().ref()).as("a number is never given twice").isEqualTo(new RangeRef(3, 1));
    }

    @Test
    void anOperationThatWasRefusedLeavesTheMapAsItWas() {
        RangeMap before = apply(new Assign(1));
        RangeOperation split = begin(new Split(1, key(5), true, 11));
        RangeMap after = apply(new Finish(split.number(), "no"));
        assertThat(after.ranges()).isEqualTo(before.ranges());
        assertThat(after.version()).isEqualTo(before.version());
        assertThat(after.nextRange()).as("the child's number isn't given again").isEqualTo(3);
        assertThat(controller.value().find(split.number())).contains(split.finished("no"));
        RangeMap cut = apply(new Finish(begin(new Split(1, key(5), true, 12)).number(), ""));
        RangeOperation merge = begin(new Merge(1, key(5), true, 13));
        assertThat(apply(new Finish(merge.number(), "no")).ranges()).isEqualTo(cut.ranges());
    }

    @Test
    void theSameRequestSentAgainIsTheSameOperation() {
        apply(new Assign(1));
        ControllerState once = (ControllerState) answer(new Split(1, key(5), true, 11));
        assertThat(answer(new Split(1, key(5), true, 11))).isSameAs(once);
        apply(new Finish(1, ""));
        ControllerState over = controller.value();
        assertThat(answer(new Split(1, key(5), true, 11))).isSameAs(over);
    }

    @Test
    void whatCannotBeCutOrUnitedIsRefusedWithItsReason() {
        apply(new Assign(1));
        apply(new Assign(2));
        refused(new Split(1, KeyRange.collection(1).start(), true, 1), ErrorCode.RANGE_BOUND_EXISTS);
        refused(new Split(1, KeyRange.collection(2).start(), true, 1), ErrorCode.RANGE_BOUND_NOT_FOUND);
        refused(new Split(9, key(5), true, 1), ErrorCode.RANGE_BOUND_NOT_FOUND);
        refused(new Merge(1, key(5), true, 1), ErrorCode.RANGE_BOUND_NOT_FOUND);
        refused(new Merge(2, KeyRange.collection(2).start(), true, 1), ErrorCode.RANGE_BOUND_NOT_FOUND);
        begin(new Split(1, key(5), true, 2));
        refused(new Split(1, key(7), true, 3), ErrorCode.RANGE_BUSY);
        apply(new Finish(1, ""));
        refused(new Split(1, key(5), true, 3), ErrorCode.RANGE_BOUND_EXISTS);
        refused(new Merge(1, key(5), false, 4), ErrorCode.RANGE_BUSY);
        begin(new Merge(1, key(5), true, 5));
        refused(new Split(1, key(7), true, 6), ErrorCode.RANGE_BUSY);
    }

    @Test
    void aDroppedCollectionEndsItsOperations() {
        apply(new Assign(1));
        RangeOperation split = begin(new Split(1, key(5), true, 11));
        apply(new Drop(1));
        assertThat(controller.value().running()).isEmpty();
        assertThat(controller.value().find(split.number()).orElseThrow().error()).contains("dropped");
        assertThat(apply(new Finish(split.number(), "")).ranges()).isEmpty();
    }

    @Test
    void operationsThatRunSurviveAndThoseThatAreOverAreForgottenInTime() throws IOException {
        apply(new Assign(1));
        for (int i = 1; i <= ControllerState.REMEMBERED + 5; i++) {
            RangeOperation one = begin(new Split(1, key(i), true, i));
            apply(new Finish(one.number(), "no"));
        }
        RangeOperation last = begin(new Split(1, key(127), true, 1_000));
        controller.close();
        ControllerMachine again = new ControllerMachine(shared, GROUPS);
        again.open(directory.resolve("db"));
        assertThat(again.value().running()).containsExactly(last);
        assertThat(again.value().operations()).hasSize(ControllerState.REMEMBERED + 1);
        assertThat(again.value().operations().getFirst().number()).isEqualTo(6);
        again.close();
    }

    @Test
    void closedStateDoesNotApply() {
        controller.close();
        assertThatThrownBy(() -> apply(new Assign(1))).isInstanceOf(IllegalStateException.class);
    }
}
