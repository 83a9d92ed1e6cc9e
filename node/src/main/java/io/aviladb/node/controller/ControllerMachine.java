package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.AvilaError;
import io.aviladb.node.meta.MetaMachine;
import io.aviladb.storage.engine.SharedEngine;
import java.util.List;

/**
 * A region's controller group's state. An entry is a {@link ControllerEntry}; its answer is the {@link ControllerState} that it leaves, or an
 * {@link AvilaError} as a value.
 */
public final class ControllerMachine extends MetaMachine<ControllerState> {
    private final List<Integer> dataGroups;

    /** @param dataGroups the region's data groups, which take turns; the same list, in the same order, on all replicas */
    public ControllerMachine(SharedEngine shared, List<Integer> dataGroups) {
        super(shared, ControllerState.EMPTY);
        if (dataGroups.isEmpty()) {
            throw new IllegalArgumentException("a region has at least one data group");
        }
        this.dataGroups = List.copyOf(dataGroups);
    }

    /** Those of the layout until the region's nodes and groups are in the log. */
    private List<Integer> dataGroups(ControllerState state) {
        return state.members().isNone() ? dataGroups : state.members().dataGroups();
    }

    /** The map as of the last applied entry. Any thread. */
    public RangeMap map() {
        return value().map();
    }

    @Override
    protected Step<ControllerState> step(ControllerState state, byte[] entry) {
        try {
            ControllerState next = switch (ControllerEntry.decode(entry)) {
                case ControllerEntry.Assign assign -> ControllerChange.assign(state, assign.collection(), dataGroups(state));
                case ControllerEntry.Drop drop -> ControllerChange.drop(state, drop.collection());
                case ControllerEntry.Split split -> ControllerChange.split(state, split);
                case ControllerEntry.Merge merge -> ControllerChange.merge(state, merge);
                case ControllerEntry.Transfer transfer -> TransferChange.begin(state, transfer, dataGroups(state));
                case ControllerEntry.Decide decide -> TransferChange.decide(state, decide);
                case ControllerEntry.Finish finish -> ControllerChange.finish(state, finish);
                case ControllerEntry.Found found -> MemberChange.found(state, found.formed());
                case ControllerEntry.AddNode add -> MemberChange.add(state, add);
                case ControllerEntry.RemoveNode remove -> MemberChange.remove(state, remove);
                case ControllerEntry.Moved moved -> MemberChange.moved(state, moved);
                case ControllerEntry.EndMember end -> MemberChange.ended(state, end);
            };
            return new Step<>(next, next);
        } catch (AvilaError refusal) {
            return new Step<>(state, refusal);
        }
    }

    @Override
    protected void write(ControllerState state, ByteWriter out) {
        state.write(out);
    }

    @Override
    protected ControllerState read(ByteReader in) {
        return ControllerState.read(in);
    }
}
