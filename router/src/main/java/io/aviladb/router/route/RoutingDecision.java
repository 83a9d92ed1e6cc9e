package io.aviladb.router.route;

import io.aviladb.core.region.NodeId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which of the replicas that may serve a read is asked, who is asked after it, and when. A pure function of its inputs, all of which are in its text:
 * the decision that a log has can be made again ({@link #replay}).
 *
 * <p>What is left out is dropped, unless all is. A node whose time is over gets this read as its trial. Of those that cost about what the cheapest
 * does, two are drawn and the cheaper one is asked: always the cheapest would send everybody to the same one on news that is old. Source:
 * Mitzenmacher, <em>The Power of Two Choices in Randomized Load Balancing</em>, 2001.
 *
 * <p>The next one is asked once the first is later than 95 % of the answers of the quicker of the two. Source: Dean, Barroso, <em>The Tail at
 * Scale</em>, CACM 2013, "hedged requests". There the time is one class's; here each replica has its own, and a slow one must not set the clock.
 *
 * @param candidates all that may serve it
 * @param random the chance that was drawn, any number
 * @param chosen who is asked
 * @param next who is asked when the first is late
 * @param hedgeMicros when; 0 where nothing is known of how long answers take, or there is nobody else
 */
public record RoutingDecision(List<Candidate> candidates, long random, NodeId chosen, Optional<NodeId> next, long hedgeMicros) {
    /** Costs as much as the cheapest: up to half more, and half a millisecond, which is noise. */
    private static final long NOISE_MICROS = 500;
    private static final long MIN_HEDGE_MICROS = 1_000;
    private static final Comparator<Candidate> CHEAPEST = Comparator.comparingLong(Candidate::cost).thenComparing(Candidate::node);

    public RoutingDecision {
        candidates = List.copyOf(candidates);
    }

    /** @param candidates one at least */
    public static RoutingDecision of(List<Candidate> candidates, long random) {
        List<Candidate> taking = candidates.stream().filter(one -> one.standing() != Candidate.Standing.OUT).toList();
        List<Candidate> asked = taking.isEmpty() ? candidates : taking;
        Candidate chosen = asked.stream().filter(one -> one.standing() == Candidate.Standing.TRIAL).findFirst()
                .orElseGet(() -> drawn(asked, random));
        Optional<Candidate> next = asked.stream().filter(one -> one != chosen).min(CHEAPEST);
        long hedge = next.isEmpty() ? 0 : hedge(chosen, next.get());
        return new RoutingDecision(candidates, random, chosen.node(), next.map(Candidate::node), hedge);
    }

    /** What costs about as much as the cheapest. */
    static long cheap(long least) {
        return least + least / 2 + NOISE_MICROS;
    }

    private static Candidate drawn(List<Candidate> asked, long random) {
        long least = asked.stream().mapToLong(Candidate::cost).min().orElseThrow();
        List<Candidate> cheap = asked.stream().filter(one -> one.cost() <= cheap(least)).toList();
        int count = cheap.size();
        if (count == 1) {
            return cheap.getFirst();
        }
        int first = (int) Long.remainderUnsigned(random & 0xffff_ffffL, count);
        int second = (first + 1 + (int) Long.remainderUnsigned(random >>> 32, count - 1)) % count;
        Candidate one = cheap.get(first);
        Candidate other = cheap.get(second);
        return other.cost() < one.cost() ? other : one;
    }

    private static long hedge(Candidate chosen, Candidate next) {
        long tail = chosen.tail() == 0 || next.tail() == 0 ? Math.max(chosen.tail(), next.tail()) : Math.min(chosen.tail(), next.tail());
        return tail == 0 ? 0 : Math.max(MIN_HEDGE_MICROS, tail);
    }

    /** As the log has it: the candidates, the chance, and what came of them. */
    @Override
    public String toString() {
        return candidates.stream().map(Candidate::toString).collect(Collectors.joining("|")) + ";" + Long.toHexString(random) + ";" + chosen
                + ";" + next.map(NodeId::toString).orElse("") + ";" + hedgeMicros;
    }

    /** @throws IllegalArgumentException where the text isn't of {@link #toString} */
    public static RoutingDecision parse(String text) {
        String[] parts = text.split(";", -1);
        if (parts.length != 5) {
            throw new IllegalArgumentException("a decision has five parts, and '" + text + "' has " + parts.length);
        }
        List<Candidate> candidates = Arrays.stream(parts[0].split("\\|", -1)).map(Candidate::parse).toList();
        Optional<NodeId> next = parts[3].isEmpty() ? Optional.empty() : Optional.of(NodeId.parse(parts[3]));
        return new RoutingDecision(candidates, Long.parseUnsignedLong(parts[1], 16), NodeId.parse(parts[2]), next,
                Long.parseLong(parts[4]));
    }

    /** The decision made again of the same inputs. */
    public RoutingDecision replay() {
        return of(candidates, random);
    }
}
