package io.aviladb.node.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.RangeRef;
import io.aviladb.proto.node.RangeOperation;
import io.aviladb.proto.node.RangeOperation.Stage;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the map and the operations are after each entry of a transfer. */
class TransferChangeTest {
    private static final List<Integer> GROUPS = List.of(101, 102, 103);

    private final ControllerState assigned = ControllerChange.assign(ControllerState.EMPTY, 1, GROUPS);
    private final ControllerState begun = begin(assigned, 1, 102, 7);

    private static ControllerState begin(ControllerState state, long range, int group, long token) {
        return TransferChange.begin(state, new ControllerEntry.Transfer(1, range, group, true, token), GROUPS);
    }

    private static ControllerState decide(ControllerState state, String error) {
        return TransferChange.decide(state, new ControllerEntry.Decide(1, error));
    }

    private static ControllerState finish(ControllerState state) {
        return ControllerChange.finish(state, new ControllerEntry.Finish(1, ""));
    }

    private static RangeMap.Range only(ControllerState state) {
        assertThat(state.map().ranges()).hasSize(1);
        return state.map().ranges().getFirst();
    }

    private static RangeOperation operation(ControllerState state) {
        return state.find(1).orElseThrow();
    }

    @Test
    void theMapStaysUntilItIsDecidedAndThenTheRangeIsTheNewGroups() {
        assertThat(begun.map()).isEqualTo(assigned.map());
        ControllerState moved = decide(begun, "");
        assertThat(only(moved).ref()).isEqualTo(new RangeRef(1, 2));
        assertThat(only(moved).group()).isEqualTo(102);
        assertThat(only(moved).keys()).isEqualTo(only(assigned).keys());
        assertThat(moved.map().version()).isEqualTo(begun.map().version() + 1);
        assertThat(operation(moved).state()).isEqualTo(RangeOperation.State.RUNNING);
        assertThat(operation(moved).move().orElseThrow().stage()).isEqualTo(Stage.MOVED);
        assertThat(finish(moved).map()).isEqualTo(moved.map());
        assertThat(operation(finish(moved)).state()).isEqualTo(RangeOperation.State.DONE);
    }

    @Test
    void givenUpItStaysBeyondEveryEpochThatWasNamed() {
        ControllerState stays = decide(begun, "no room");
        assertThat(only(stays).ref()).isEqualTo(new RangeRef(1, 3));
        assertThat(only(stays).group()).isEqualTo(101);
        assertThat(operation(stays).move().orElseThrow().stage()).isEqualTo(Stage.STAYS);
        assertThat(operation(finish(stays)).state()).isEqualTo(RangeOperation.State.FAILED);
        assertThat(operation(finish(stays)).error()).isEqualTo("no room");
    }

    @Test
    void itIsDecidedOnce() {
        ControllerState moved = decide(begun, "");
        assertThat(decide(moved, "too late")).isSameAs(moved);
        ControllerState stays = decide(begun, "no room");
        assertThat(decide(stays, "")).isSameAs(stays);
        assertThat(decide(finish(moved), "")).isEqualTo(finish(moved));
    }

    @Test
    void nothingEndsBeforeItIsDecided() {
        assertThat(finish(begun)).isSameAs(begun);
    }

    @Test
    void theSameRequestIsTheSameOperationAndOthersWait() {
        assertThat(begin(begun, 1, 102, 7)).isSameAs(begun);
        assertRefused(() -> begin(begun, 1, 103, 8), ErrorCode.RANGE_BUSY);
        assertRefused(() -> begin(decide(begun, ""), 1, 103, 8), ErrorCode.RANGE_BUSY);
        assertThat(begin(finish(decide(begun, "")), 1, 103, 8).running()).hasSize(1);
        assertRefused(() -> begin(assigned, 2, 102, 8), ErrorCode.RANGE_NOT_FOUND);
        assertRefused(() -> begin(assigned, 1, 104, 8), ErrorCode.GROUP_NOT_FOUND);
        assertRefused(() -> begin(assigned, 1, 101, 8), ErrorCode.RANGE_BUSY);
    }

    private static void assertRefused(Runnable entry, ErrorCode code) {
        assertThatThrownBy(entry::run).isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void droppingTheCollectionEndsItWhateverIsDecided() {
        for (ControllerState state : List.of(begun, decide(begun, ""), decide(begun, "no room"))) {
            ControllerState dropped = ControllerChange.drop(state, 1);
            assertThat(dropped.map().ranges()).isEmpty();
            assertThat(operation(dropped).state()).isEqualTo(RangeOperation.State.FAILED);
            assertThat(decide(dropped, "")).isSameAs(dropped);
        }
    }

    @Test
    void stateAndEntriesKeepTheirBytes() {
        ControllerState moved = decide(begun, "");
        ByteWriter out = new ByteWriter();
        moved.write(out);
        assertThat(ControllerState.read(new ByteReader(out.toByteArray()))).isEqualTo(moved);
        for (ControllerEntry entry : List.of(new ControllerEntry.Transfer(1, 2, 103, false, -5), new ControllerEntry.Decide(4, "why"))) {
            assertThat(ControllerEntry.decode(entry.encode())).isEqualTo(entry);
        }
    }
}
