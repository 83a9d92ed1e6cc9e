package io.aviladb.router.route;

import io.aviladb.core.region.NodeId;
import io.aviladb.router.topology.RoundTrips;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A replica that may serve a read, as the router knew it when it chose. All times in microseconds, as in {@link RoundTrips.Estimate}.
 *
 * @param way there and back without any work
 * @param mean of its answers
 * @param tail 95 % of its answers; 0 where unknown
 * @param underWay requests of this router that it hasn't answered
 */
public record Candidate(NodeId node, long way, long mean, long tail, int underWay, Standing standing) {
    /** A node serves so many requests at once before they wait for one another. */
    private static final int SERVED_AT_ONCE = 8;

    /** Whether it is to be asked. */
    public enum Standing {
        IN,
        /** It failed or is slow: asked where nobody else is left. */
        OUT,
        /** It was out, or nobody has asked it for long, and this read is to find out how it is. */
        TRIAL
    }

    /** The replicas as they are known now. @param mayTry whether one that is worth knowing better may get this read as its trial */
    static List<Candidate> of(List<NodeId> replicas, RoundTrips known, boolean mayTry) {
        List<RoundTrips.Estimate> estimates = replicas.stream().map(known::estimate).toList();
        long least = estimates.stream().filter(one -> !one.out()).mapToLong(RoundTrips.Estimate::mean).min().orElse(Long.MAX_VALUE / 2);
        List<Candidate> candidates = new ArrayList<>();
        boolean tried = false;
        for (RoundTrips.Estimate one : estimates) {
            // One that is too far away to be chosen, however well it is, isn't worth a read.
            boolean trial = mayTry && !tried && one.way() <= RoutingDecision.cheap(least) && known.takesTrial(one.node());
            tried |= trial;
            candidates.add(new Candidate(one.node(), one.way(), one.mean(), one.tail(), one.underWay(),
                    trial ? Standing.TRIAL : one.out() ? Standing.OUT : Standing.IN));
        }
        return candidates;
    }

    /**
     * What a read there is expected to take: the way, and the work, which grows with what is waiting there already. Source: the <em>peak EWMA</em>
     * balancer of Finagle, which multiplies all of the average; the way doesn't grow with the load.
     */
    long cost() {
        long work = Math.max(0, mean - way);
        return Math.min(way, mean) + work + work * underWay / SERVED_AT_ONCE;
    }

    /** As the log has it: {@code sa-east-1/1:120,450,2048,3,in}. */
    @Override
    public String toString() {
        return node + ":" + way + "," + mean + "," + tail + "," + underWay + "," + standing.name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException where the text isn't of {@link #toString} */
    static Candidate parse(String text) {
        int colon = text.indexOf(':');
        String[] parts = text.substring(colon + 1).split(",", -1);
        if (colon < 0 || parts.length != 5) {
            throw new IllegalArgumentException("a candidate is written node:way,mean,tail,underWay,standing, and '" + text + "' is not");
        }
        return new Candidate(NodeId.parse(text.substring(0, colon)), Long.parseLong(parts[0]), Long.parseLong(parts[1]),
                Long.parseLong(parts[2]), Integer.parseInt(parts[3]), Standing.valueOf(parts[4].toUpperCase(Locale.ROOT)));
    }
}
