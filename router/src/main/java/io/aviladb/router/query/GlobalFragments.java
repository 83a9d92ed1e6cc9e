package io.aviladb.router.query;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.schedule.Scheduler;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.proto.node.Topology;
import io.aviladb.query.merge.DocumentSource;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.PartialRun;
import io.aviladb.query.merge.QueryBudget;
import io.aviladb.router.route.ReadRouter;
import io.aviladb.router.route.Served;
import io.aviladb.router.scatter.ListQuery;
import io.aviladb.router.scatter.Listing;
import io.aviladb.router.scatter.RegionPage;
import io.aviladb.router.topology.ClusterMap;
import io.aviladb.router.topology.RegionMap;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * A query of all regions: the home region runs it over its own documents, but for those of which another region has something that the home
 * region hasn't got yet. These come here, with the home region's own state of them, and the newest of each is added. So each key counts once,
 * in its newest state, and little travels. See docs/protocols/global-queries.md.
 */
final class GlobalFragments {
    /** Intervals that are worked on at one time. */
    private static final int WINDOW = 4;
    /** How long the home region may keep silent before other ways are tried. */
    private static final Duration HOME = Duration.ofSeconds(5);
    /** Keys that one step looks at in each region: as many as take a few tenths of a second. */
    private static final int MAX_KEYS = 200_000;
    /** Where the first rows may be enough. */
    private static final int FIRST_KEYS = 2_000;

    private final ReadRouter reads;
    private final Listing listing;
    private final Scheduler scheduler;
    private final ClusterMap map;
    private final ListQuery query;
    private final Fragment.Ready ready;
    private final byte[] fragment;
    private final QueryBudget budget;
    private final Interest interest;
    private final boolean inKeyOrder;

    private final Queue<KeyRange> waiting = new ArrayDeque<>(); // guarded by this, as are the following
    private final List<Partial> partials = new ArrayList<>();
    private final List<RangeRun> runs = new ArrayList<>();
    private final Coverage coverage = new Coverage();
    private final Set<RegionId> lost = new HashSet<>(); // didn't answer: not asked again
    private long rows;
    private boolean enough;
    private int maxKeys;

    GlobalFragments(ReadRouter reads, Listing listing, Scheduler scheduler, ClusterMap map, ListQuery query, Fragment fragment,
            Fragment.Ready ready, QueryBudget budget, Interest interest) {
        this.reads = reads;
        this.listing = listing;
        this.scheduler = scheduler;
        this.map = map;
        this.query = query;
        this.ready = ready;
        this.fragment = fragment.toBytes();
        this.budget = budget;
        this.interest = interest;
        this.inKeyOrder = ready.plan().inKeyOrder() && !ready.plan().distinct();
        this.maxKeys = inKeyOrder ? FIRST_KEYS : MAX_KEYS;
    }

    /** What one step needs to know of an interval at home. */
    private record Base(KeyRange interval, VersionVector covered) {}

    /** What other regions have beyond the base, up to a key. */
    private record Differences(Base base, List<RegionPage> pages, TreeMap<DocumentKey, ScanReply.Row> newest, KeyRange interval) {}

    /** Fails with {@link AvilaError} where the home region doesn't answer. */
    CompletableFuture<QueryResult> run() {
        RegionMap home = map.map(query.region());
        List<Topology.Range> ranges = home == null ? List.of() : home.within(query.collection(), query.interval());
        if (ranges.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new AvilaError(ErrorCode.NOT_READY, "region " + query.region() + " doesn't serve the collection yet"));
        }
        synchronized (this) {
            ranges.forEach(range -> waiting.add(range.keys().intersect(query.interval()).orElseThrow()));
        }
        List<CompletableFuture<Void>> workers = new ArrayList<>();
        for (int i = 0; i < (inKeyOrder ? 1 : WINDOW); i++) {
            workers.add(work());
        }
        return CompletableFuture.allOf(workers.toArray(new CompletableFuture<?>[0])).thenApplyAsync(done -> result(), QueryThreads.POOL);
    }

    private CompletableFuture<Void> work() {
        KeyRange next;
        synchronized (this) {
            if (enough || waiting.isEmpty()) {
                return CompletableFuture.completedFuture(null);
            }
            next = waiting.remove();
        }
        return through(next).thenCompose(done -> work());
    }

    /** Step by step to the interval's end. */
    private CompletableFuture<Void> through(KeyRange interval) {
        if (query.deadline().isOver() || interest.isLost()) {
            return CompletableFuture.failedFuture(new AvilaError(ErrorCode.TIMED_OUT, "the time ran out while ranges were at work"));
        }
        return base(interval).thenCompose(this::differences).thenCompose(this::atHome).thenCompose(done -> {
            boolean over;
            synchronized (this) {
                over = enough;
                maxKeys = Math.min(MAX_KEYS, 4 * maxKeys);
            }
            return over || Arrays.equals(done.end(), interval.end())
                    ? CompletableFuture.completedFuture(null)
                    : through(new KeyRange(done.end(), interval.end()));
        });
    }

    /** What the home range has of all regions, at the consistency that the query asks for. */
    private CompletableFuture<Base> base(KeyRange interval) {
        DocumentKey from = new DocumentKey(interval.start());
        return reads.route(query.region(), region -> region.find(from), query.consistency(), query.token(), query.deadline().atMost(HOME),
                (node, range, terms) -> {
                    KeyRange part = range.keys().intersect(interval).orElseThrow();
                    return node.scan(ScanRequest.ofCoverage(range.group(), range.ref(), part, terms))
                            .thenApply(reply -> new Base(part, reply.covered()));
                }).thenApply(ReadRouter.Answer::reply);
    }

    private CompletableFuture<Differences> differences(Base base) {
        Set<RegionId> silent;
        int keys;
        synchronized (this) {
            silent = Set.copyOf(lost);
            keys = maxKeys;
        }
        ListQuery beyond = query.beyond(base.interval(), new ListQuery.Beyond(base.covered(), keys, ready.plan().readsDocument()));
        List<CompletableFuture<RegionPage>> pages = new ArrayList<>();
        for (RegionId region : map.regionNames()) {
            if (silent.contains(region)) {
                pages.add(CompletableFuture.completedFuture(RegionPage.missing(region, base.interval(),
                        new AvilaError(ErrorCode.REGION_UNREACHABLE, "region " + region + " didn't answer"))));
            } else if (!region.equals(query.region())) {
                pages.add(listing.part(map, region, beyond));
            }
        }
        return CompletableFuture.allOf(pages.toArray(new CompletableFuture<?>[0])).thenApplyAsync(
                done -> differences(base, pages.stream().map(CompletableFuture::join).toList()), QueryThreads.POOL);
    }

    private Differences differences(Base base, List<RegionPage> pages) {
        Optional<DocumentKey> upTo = pages.stream().flatMap(page -> page.upTo().stream()).min(DocumentKey::compareTo);
        KeyRange interval = upTo.map(last -> new KeyRange(base.interval().start(), behind(last))).orElse(base.interval());
        TreeMap<DocumentKey, ScanReply.Row> newest = new TreeMap<>();
        for (RegionPage page : pages) {
            page.rows().stream().filter(row -> interval.contains(row.key()))
                    .forEach(row -> newest.merge(row.key(), row, ScanReply.Row::newest));
        }
        return new Differences(base, pages, newest, interval);
    }

    /** The least sequence of bytes that is greater than the key's. */
    private static byte[] behind(DocumentKey key) {
        return new ByteWriter(key.bytes().length + 1).writeRaw(key.bytes()).writeByte(0).toByteArray();
    }

    /** A part of the interval that the home range has run, and its rows that it held back. */
    private record Home(KeyRange interval, FragmentCall.Answer answer) {}

    /** @return what of the interval is done */
    private CompletableFuture<KeyRange> atHome(Differences found) {
        DocumentKey from = new DocumentKey(found.interval().start());
        List<DocumentKey> held = List.copyOf(found.newest().keySet());
        // What the query asks for was met when the base was read; now all of that base is needed, and no less.
        return reads.work(query.region(), region -> region.find(from), ReadConsistency.SESSION, found.base().covered(), query.deadline(),
                (node, range, terms) -> {
                    KeyRange part = range.keys().intersect(found.interval()).orElseThrow();
                    FragmentRequest request = new FragmentRequest(range.ref(), part, held, fragment, terms,
                            Math.max(1, query.deadline().remainingMillis()));
                    CompletableFuture<FragmentCall.Answer> call = FragmentCall.open(node, range.group(), request, scheduler);
                    interest.onLoss(() -> call.cancel(false));
                    return call.thenApply(answer -> new Home(part, answer));
                }).thenApplyAsync(answer -> took(found, answer.reply(), answer.served()), QueryThreads.POOL);
    }

    private synchronized KeyRange took(Differences found, Home home, Served by) {
        FragmentCall.Answer answer = home.answer();
        int sent = 0;
        for (byte[] piece : answer.pieces()) {
            budget.take("Merge", 3L * piece.length);
            Partial partial = PartialCodec.read(ready.plan(), piece);
            sent += RegionFragments.rows(partial);
            partials.add(partial);
        }
        TreeMap<DocumentKey, ScanReply.Row> newest = new TreeMap<>();
        found.newest().forEach((key, row) -> {
            if (home.interval().contains(key)) {
                newest.put(key, row);
            }
        });
        answer.held().forEach(row -> newest.merge(row.key(), row, ScanReply.Row::newest));
        Partial added = run(newest);
        partials.add(added);
        rows += sent + RegionFragments.rows(added);
        enough = inKeyOrder && (answer.end().enough() || rows >= ready.page().needed());
        report(found, home, by, sent);
        return home.interval();
    }

    private Partial run(TreeMap<DocumentKey, ScanReply.Row> newest) {
        PartialRun run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), budget);
        for (ScanReply.Row row : newest.values()) {
            if (!row.deleted() && !run.add(new DocumentSource.Entry(row.key(), Document.ofCanonical(row.json())))) {
                break;
            }
        }
        return run.finish();
    }

    private void report(Differences found, Home home, Served by, int sent) {
        FragmentFrame.End end = home.answer().end();
        coverage.add(new RegionPage(query.region(), List.of(), Optional.empty(), end.closed(), end.seen(), List.of(), null, by));
        runs.add(new RangeRun(query.region(), by.node(), home.interval(), end.documents(), end.bytes(),
                sent, end.micros()));
        for (RegionPage page : found.pages()) {
            coverage.add(page);
            if (page.failure() != null) {
                lost.add(page.region());
            }
            Served served = page.served();
            if (served != null) {
                long bytes = page.rows().stream().mapToLong(row -> row.json().length).sum();
                runs.add(new RangeRun(page.region(), served.node(), home.interval(), page.rows().size(), bytes, page.rows().size(), 0));
            }
        }
    }

    private synchronized QueryResult result() {
        AvilaError failure = coverage.regions().stream().map(RegionPage::failure).filter(Objects::nonNull).findFirst().orElse(null);
        if (failure != null && query.refusePartial()) {
            throw failure;
        }
        FinalMerge.Page page = FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), partials);
        return new QueryResult(page, coverage.regions(), coverage.seen(), coverage.served(), runs);
    }
}
