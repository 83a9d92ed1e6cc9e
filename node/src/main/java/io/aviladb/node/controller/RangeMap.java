package io.aviladb.node.controller;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Which group has which keys, in one region, at one version. Immutable.
 *
 * @param version how many changes there have been
 * @param nextRange above every range's number ever given
 * @param ranges by rising number
 */
public record RangeMap(long version, long nextRange, List<Range> ranges) {
    public static final RangeMap EMPTY = new RangeMap(0, 1, List.of());

    /**
     * An interval of one collection's keys and the number of the data group that owns it.
     *
     * @param byHand whether a person put the bound where it begins
     */
    public record Range(RangeRef ref, int collection, KeyRange keys, int group, boolean byHand) {
        public Range(RangeRef ref, int collection, KeyRange keys, int group) {
            this(ref, collection, keys, group, false);
        }
    }

    public RangeMap {
        ranges = List.copyOf(ranges);
        long last = 0;
        for (Range range : ranges) {
            // Invariant: 0 < range < nextRange, rising.
            if (range.ref().range() <= last || range.ref().range() >= nextRange) {
                throw new IllegalArgumentException("range " + range.ref() + " doesn't fit into the map");
            }
            last = range.ref().range();
        }
    }

    public List<Range> rangesOf(int collection) {
        return ranges.stream().filter(range -> range.collection() == collection).toList();
    }

    public void write(ByteWriter out) {
        out.writeVarLong(version).writeVarLong(nextRange).writeVarInt(ranges.size());
        for (Range range : ranges) {
            range.ref().write(out);
            out.writeVarInt(range.collection());
            range.keys().write(out);
            out.writeVarInt(range.group()).writeBoolean(range.byHand());
        }
    }

    public static RangeMap read(ByteReader in) {
        long version = in.readVarLong();
        long next = in.readVarLong();
        List<Range> ranges = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            ranges.add(new Range(RangeRef.read(in), in.readVarInt(), KeyRange.read(in), in.readVarInt(), in.readBoolean()));
        }
        return new RangeMap(version, next, ranges);
    }

    public byte[] encode() {
        ByteWriter out = new ByteWriter(256);
        write(out);
        return out.toByteArray();
    }

    public static RangeMap decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        RangeMap map = read(in);
        in.expectEnd();
        return map;
    }
}
