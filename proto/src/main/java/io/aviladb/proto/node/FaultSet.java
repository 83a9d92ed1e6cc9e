package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.NodeId;
import java.util.List;

/**
 * Injected faults and simulated distances. A place is a region's name or a node's ({@code region/n}); a region's name stands for its nodes and
 * its router.
 *
 * @param distances round trips between regions, in force without any fault
 */
public record FaultSet(List<Cut> cuts, List<String> isolated, List<Delay> delays, List<Delay> distances, List<ClockOffset> clocks) {
    public static final FaultSet NONE = new FaultSet(List.of(), List.of(), List.of(), List.of(), List.of());

    /** Nothing passes between the places, in either direction. */
    public record Cut(String one, String other) {}

    /** @param roundTripMillis added to the way there and back, half each */
    public record Delay(String one, String other, long roundTripMillis) {}

    /** A node's wall clock is off by so much. */
    public record ClockOffset(String node, long offsetMillis) {}

    public FaultSet {
        cuts = List.copyOf(cuts);
        isolated = List.copyOf(isolated);
        delays = List.copyOf(delays);
        distances = List.copyOf(distances);
        clocks = List.copyOf(clocks);
    }

    /** Whether nothing passes from one place to the other. Places are node names, or a region's name for its router. */
    public boolean isCut(String from, String to) {
        for (String region : isolated) {
            if (within(from, region) != within(to, region)) {
                return true;
            }
        }
        for (Cut cut : cuts) {
            if (within(from, cut.one) && within(to, cut.other) || within(from, cut.other) && within(to, cut.one)) {
                return true;
            }
        }
        return false;
    }

    /** How long a message takes from one place to the other: half of the distance and of what delays add. */
    public long oneWayMicros(String from, String to) {
        return (roundTrip(distances, from, to) + roundTrip(delays, from, to)) * 500;
    }

    private static long roundTrip(List<Delay> list, String from, String to) {
        long sum = 0;
        for (Delay delay : list) {
            if (within(from, delay.one) && within(to, delay.other) || within(from, delay.other) && within(to, delay.one)) {
                sum += delay.roundTripMillis;
            }
        }
        return sum;
    }

    public long clockOffsetMillis(NodeId node) {
        for (ClockOffset clock : clocks) {
            if (clock.node.equals(node.toString())) {
                return clock.offsetMillis;
            }
        }
        return 0;
    }

    private static boolean within(String place, String scope) {
        return place.equals(scope) || place.length() > scope.length() && place.charAt(scope.length()) == '/' && place.startsWith(scope);
    }

    void write(ByteWriter out) {
        Wire.writeList(out, cuts, (cut, to) -> to.writeString(cut.one).writeString(cut.other));
        Wire.writeList(out, isolated, (name, to) -> to.writeString(name));
        for (List<Delay> list : List.of(delays, distances)) {
            Wire.writeList(out, list,
                    (delay, to) -> to.writeString(delay.one).writeString(delay.other).writeVarLong(delay.roundTripMillis));
        }
        Wire.writeList(out, clocks, (clock, to) -> to.writeString(clock.node).writeVarLong(clock.offsetMillis));
    }

    private static Delay readDelay(ByteReader in) {
        return new Delay(in.readString(), in.readString(), in.readVarLong());
    }

    static FaultSet read(ByteReader in) {
        return new FaultSet(Wire.readList(in, from -> new Cut(from.readString(), from.readString())),
                Wire.readList(in, ByteReader::readString),
                Wire.readList(in, FaultSet::readDelay), Wire.readList(in, FaultSet::readDelay),
                Wire.readList(in, from -> new ClockOffset(from.readString(), from.readVarLong())));
    }
}
