package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.node.meta.MetaMachine;
import io.aviladb.storage.engine.SharedEngine;
import java.util.ArrayList;
import java.util.List;

/** A region's controller group's state. An entry is a {@link ControllerEntry}; its answer is the {@link RangeMap} that it leaves. */
public final class ControllerMachine extends MetaMachine<RangeMap> {
    private final List<Integer> dataGroups;

    /** @param dataGroups the region's data groups, which take turns; the same list, in the same order, on all replicas */
    public ControllerMachine(SharedEngine shared, List<Integer> dataGroups) {
        super(shared, RangeMap.EMPTY);
        if (dataGroups.isEmpty()) {
            throw new IllegalArgumentException("a region has at least one data group");
        }
        this.dataGroups = List.copyOf(dataGroups);
    }

    /** The map as of the last applied entry. Any thread. */
    public RangeMap map() {
        return value();
    }

    @Override
    protected Step<RangeMap> step(RangeMap map, byte[] entry) {
        RangeMap next = switch (ControllerEntry.decode(entry)) {
            case ControllerEntry.Assign assign -> assign(map, assign.collection());
            case ControllerEntry.Drop drop -> drop(map, drop.collection());
        };
        return new Step<>(next, next);
    }

    private RangeMap assign(RangeMap map, int collection) {
        if (!map.rangesOf(collection).isEmpty()) {
            return map;
        }
        long assignedBefore = map.nextRange() - 1;
        int group = dataGroups.get((int) (assignedBefore % dataGroups.size()));
        List<RangeMap.Range> ranges = new ArrayList<>(map.ranges());
        ranges.add(new RangeMap.Range(new RangeRef(map.nextRange(), 1), collection, KeyRange.collection(collection), group));
        return new RangeMap(map.version() + 1, map.nextRange() + 1, ranges);
    }

    private static RangeMap drop(RangeMap map, int collection) {
        List<RangeMap.Range> left = map.ranges().stream().filter(range -> range.collection() != collection).toList();
        return left.size() == map.ranges().size() ? map : new RangeMap(map.version() + 1, map.nextRange(), left);
    }

    @Override
    protected void write(RangeMap map, ByteWriter out) {
        map.write(out);
    }

    @Override
    protected RangeMap read(ByteReader in) {
        return RangeMap.read(in);
    }
}
