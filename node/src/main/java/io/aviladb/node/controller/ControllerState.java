package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.proto.node.RangeOperation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a region's controller holds. Immutable.
 *
 * @param operations by rising number: all that run, and the latest of those that are over
 * @param nextOperation above every operation's number ever given
 * @param members the region's nodes and groups, with operations of their own
 */
public record ControllerState(RangeMap map, List<RangeOperation> operations, long nextOperation, Members members) {
    static final ControllerState EMPTY = new ControllerState(RangeMap.EMPTY, List.of(), 1, Members.NONE);
    /** How many operations that are over are remembered. */
    static final int REMEMBERED = 100;

    public ControllerState {
        operations = List.copyOf(operations);
    }

    /** Of a region whose nodes aren't known yet. */
    ControllerState(RangeMap map, List<RangeOperation> operations, long nextOperation) {
        this(map, operations, nextOperation, Members.NONE);
    }

    public List<RangeOperation> running() {
        return operations.stream().filter(operation -> operation.state() == RangeOperation.State.RUNNING).toList();
    }

    public Optional<RangeOperation> find(long number) {
        return operations.stream().filter(operation -> operation.number() == number).findFirst();
    }

    ControllerState with(RangeMap next) {
        return new ControllerState(next, operations, nextOperation, members);
    }

    ControllerState begun(RangeOperation operation, RangeMap next) {
        List<RangeOperation> all = new ArrayList<>(operations);
        all.add(operation);
        return new ControllerState(next, all, operation.number() + 1, members);
    }

    ControllerState with(RangeMap next, Members placed) {
        return new ControllerState(next, operations, nextOperation, placed);
    }

    /** @param placed with the operation that begins, under the next number */
    ControllerState begun(RangeMap next, Members placed) {
        return new ControllerState(next, operations, nextOperation + 1, placed);
    }

    /** @param operation as it is from here on */
    ControllerState changed(RangeOperation operation, RangeMap next) {
        return new ControllerState(next, operations.stream().map(one -> one.number() == operation.number() ? operation : one).toList(),
                nextOperation, members);
    }

    /** @param why empty where it was done */
    ControllerState finished(RangeOperation operation, String why, RangeMap next) {
        List<RangeOperation> all = new ArrayList<>();
        long over = operations.stream().filter(one -> one.state() != RangeOperation.State.RUNNING).count() + 1;
        for (RangeOperation one : operations) {
            if (one.state() != RangeOperation.State.RUNNING && over > REMEMBERED) {
                over--;
            } else {
                all.add(one.number() == operation.number() ? one.finished(why) : one);
            }
        }
        return new ControllerState(next, all, nextOperation, members);
    }

    void write(ByteWriter out) {
        map.write(out);
        out.writeVarLong(nextOperation).writeVarInt(operations.size());
        operations.forEach(operation -> operation.write(out));
        members.write(out);
    }

    static ControllerState read(ByteReader in) {
        RangeMap map = RangeMap.read(in);
        long next = in.readVarLong();
        List<RangeOperation> operations = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            operations.add(RangeOperation.read(in));
        }
        return new ControllerState(map, operations, next, Members.read(in));
    }
}
