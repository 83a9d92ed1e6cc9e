package io.aviladb.node.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.consensus.LogPosition;
import io.aviladb.node.controller.ControllerEntry.Assign;
import io.aviladb.node.controller.ControllerEntry.Drop;
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
        return (RangeMap) controller.apply(new LogPosition(1, ++index), entry.encode(), null);
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
        assertThatThrownBy(() -> ControllerEntry.decode(new byte[]{2, 1})).isInstanceOf(MalformedBytesException.class);
    }

    @Test
    void closedStateDoesNotApply() {
        controller.close();
        assertThatThrownBy(() -> apply(new Assign(1))).isInstanceOf(IllegalStateException.class);
    }
}
