package io.aviladb.router.query;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.Topology;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.QueryBudget;
import io.aviladb.router.route.Failure;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.RegionPage;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Runs a fragment in all ranges of one region that hold what is asked for, a few at a time and in key order. Where rows leave in key order, those
 * of the first ranges may be enough: then the others are left alone.
 */
final class RegionFragments {
    /** Ranges that work at one time. */
    private static final int WINDOW = 4;

    private final ReadRouter reads;
    private final Scheduler scheduler;
    private final ListQuery query;
    private final Fragment.Ready ready;
    private final byte[] fragment;
    private final QueryBudget budget;
    private final Interest interest;
    private final CompletableFuture<Ran> result = new CompletableFuture<>();

    private final List<Slot> slots = new ArrayList<>(); // guarded by this, as are the following
    private final Set<CompletableFuture<FragmentCall.Answer>> calls = new HashSet<>();
    private final List<RangeRun> runs = new ArrayList<>();
    private int started;
    private int atWork;
    private VersionVector seen = VersionVector.EMPTY;
    private @Nullable HybridTimestamp closed;
    private boolean tooSlow; // a node worked until the time was over
    private @Nullable AvilaError failure;
    private @Nullable Served served;

    /** A range of the map as it was when the query began. */
    private static final class Slot {
        KeyRange rest; // what hasn't been read: a range may have become smaller since
        final List<Partial> partials = new ArrayList<>();
        boolean done;
        boolean missing;
        boolean enough;

        Slot(KeyRange rest) {
            this.rest = rest;
        }
    }

    /** @param page coverage, without rows */
    record Ran(RegionPage page, List<Partial> partials, List<RangeRun> ranges) {}

    private record Part(FragmentCall.Answer answer, KeyRange interval) {}

    RegionFragments(ReadRouter reads, Scheduler scheduler, ListQuery query, Fragment fragment, Fragment.Ready ready, QueryBudget budget,
            Interest interest) {
        this.reads = reads;
        this.scheduler = scheduler;
        this.query = query;
        this.ready = ready;
        this.fragment = fragment.toBytes();
        this.budget = budget;
        this.interest = interest;
    }

    /** Fails with {@link AvilaError} where the query itself can't run; ranges that don't answer are missing in the page. */
    CompletableFuture<Ran> run(ClusterMap map) {
        RegionMap known = map.map(query.region());
        List<Topology.Range> ranges = known == null ? List.of() : known.within(query.collection(), query.interval());
        synchronized (this) {
            ranges.forEach(range -> slots.add(new Slot(range.keys().intersect(query.interval()).orElseThrow())));
            if (slots.isEmpty()) {
                failure = new AvilaError(ErrorCode.NOT_READY, "region " + query.region() + " doesn't serve the collection yet");
                Slot nowhere = new Slot(query.interval());
                nowhere.missing = true;
                nowhere.done = true;
                slots.add(nowhere);
                started = 1;
            }
        }
        interest.onLoss(this::abandon);
        advance();
        return result;
    }

    private void advance() {
        while (true) {
            Slot next = null;
            Ran done = null;
            synchronized (this) {
                if (result.isDone()) {
                    return;
                } else if (hasEnough() || started == slots.size() && atWork == 0) {
                    done = ran();
                } else if (atWork == WINDOW || started == slots.size()) {
                    return;
                } else {
                    next = slots.get(started++);
                    atWork++;
                }
            }
            if (next == null) {
                result.complete(Objects.requireNonNull(done)); // on a query's thread already, but where there is no range to ask
                cancel();
                return;
            }
            start(next);
        }
    }

    private void start(Slot slot) {
        KeyRange interval = slot.rest;
        DocumentKey from = new DocumentKey(interval.start());
        reads.work(query.region(), map -> map.find(from), query.consistency(), query.token(), query.deadline(), (node, range, terms) -> {
            KeyRange part = range.keys().intersect(interval).orElseThrow();
            CompletableFuture<FragmentCall.Answer> call = FragmentCall.open(node, range.group(),
                    new FragmentRequest(range.ref(), part, List.of(), fragment, terms, Math.max(1, query.deadline().remainingMillis())),
                    scheduler);
            watch(call);
            return call.thenApply(answer -> new Part(answer, part));
        }).whenCompleteAsync((answer, thrown) -> {
            if (thrown == null) {
                took(slot, answer.reply(), answer.served());
            } else {
                failed(slot, Failure.unwrap(thrown));
            }
        }, QueryThreads.POOL);
    }

    private void watch(CompletableFuture<FragmentCall.Answer> call) {
        synchronized (this) {
            calls.add(call);
        }
        call.whenComplete((done, failed) -> {
            synchronized (this) {
                calls.remove(call);
                tooSlow |= failed != null && Failure.unwrap(failed) instanceof NodeRefusal refusal
                        && refusal.code() == ErrorCode.TIMED_OUT;
            }
        });
        if (result.isDone()) {
            call.cancel(false);
        }
    }

    private void took(Slot slot, Part part, Served by) {
        try {
            List<Partial> partials = new ArrayList<>();
            FragmentCall.Answer answer = part.answer();
            for (byte[] piece : answer.pieces()) {
                synchronized (this) {
                    budget.take("Merge", 3L * piece.length);
                }
                partials.add(PartialCodec.read(ready.plan(), piece));
            }
            boolean rest;
            synchronized (this) {
                slot.partials.addAll(partials);
                slot.enough |= answer.end().enough();
                served = by;
                seen = seen.join(answer.end().seen());
                closed = closed == null ? answer.end().closed() : closed.min(answer.end().closed());
                runs.add(new RangeRun(query.region(), by.node(), part.interval(), answer.end().documents(), answer.end().bytes(),
                        partials.stream().mapToInt(RegionFragments::rows).sum(), answer.end().micros()));
                rest = !slot.enough && !Arrays.equals(part.interval().end(), slot.rest.end());
                if (rest) {
                    slot.rest = new KeyRange(part.interval().end(), slot.rest.end());
                } else {
                    slot.done = true;
                    atWork--;
                }
            }
            if (rest) {
                start(slot);
            } else {
                advance();
            }
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
            cancel();
        }
    }

    static int rows(Partial partial) {
        return switch (partial) {
            case Partial.Rows rows -> rows.rows().size();
            case Partial.Groups groups -> groups.groups().size();
        };
    }

    private void failed(Slot slot, Throwable thrown) {
        AvilaError error = thrown instanceof AvilaError known
                ? known
                : new AvilaError(ErrorCode.REGION_UNREACHABLE, String.valueOf(thrown));
        boolean slow;
        synchronized (this) {
            slow = tooSlow;
        }
        if (slow) { // a range that works isn't missing: the query needs more time
            error = new AvilaError(ErrorCode.TIMED_OUT, "the time ran out while ranges were at work; a condition on the partition key,"
                    + " or a longer time, would help");
        }
        if (slow || Failure.of(error, Optional.empty()) instanceof Failure.Final) {
            result.completeExceptionally(error);
            cancel();
            return;
        }
        synchronized (this) {
            failure = error;
            slot.missing = true;
            slot.done = true;
            atWork--;
        }
        advance();
    }

    /** Whether the first ranges, without a gap, gave all rows that a page in key order can need. */
    private boolean hasEnough() {
        if (!ready.plan().inKeyOrder() || ready.plan().distinct()) {
            return false;
        }
        long rows = 0;
        for (Slot slot : slots) {
            if (!slot.done) {
                return false;
            }
            rows += slot.partials.stream().mapToInt(RegionFragments::rows).sum();
            if (slot.enough || rows >= ready.page().needed()) {
                return true;
            }
        }
        return false;
    }

    /** Whoever calls holds the lock. */
    private Ran ran() {
        List<Partial> partials = new ArrayList<>();
        List<KeyRange> missing = new ArrayList<>();
        for (Slot slot : slots.subList(0, started)) {
            partials.addAll(slot.partials);
            if (slot.missing) {
                missing.add(slot.rest);
            }
        }
        RegionPage page = new RegionPage(query.region(), List.of(), Optional.empty(), closed == null ? HybridTimestamp.ZERO : closed, seen,
                missing, missing.isEmpty() ? null : failure, served);
        return new Ran(page, partials, List.copyOf(runs));
    }

    private void abandon() {
        if (result.completeExceptionally(new AvilaError(ErrorCode.TIMED_OUT, "nobody waits for the result any more"))) {
            cancel();
        }
    }

    private void cancel() {
        List<CompletableFuture<FragmentCall.Answer>> open;
        synchronized (this) {
            open = List.copyOf(calls);
        }
        open.forEach(call -> call.cancel(false));
    }
}
