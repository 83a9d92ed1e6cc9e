package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.query.merge.FinalMerge;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.storage.engine.EngineOptions;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.jspecify.annotations.Nullable;

/** A range's part of a query over a real store; time and threads are the test's. Each look at the clock takes a millisecond. */
class FragmentServerTest {
    private static final ReadTerms TERMS = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);
    private static final String COUNT = "SELECT COUNT(*) AS n, SUM(v) AS s FROM things WHERE v >= 0";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;
    private final ArrayDeque<Runnable> work = new ArrayDeque<>();
    private final AtomicLong nanos = new AtomicLong();
    private final QueryMemory memory = new QueryMemory(8 << 20);
    private final FragmentServer server = new FragmentServer(work::add, () -> nanos.addAndGet(1_000_000), memory);
    @SuppressWarnings("NullAway.Init")
    private SharedEngine engine;
    @SuppressWarnings("NullAway.Init")
    private RegionReplica region;
    @SuppressWarnings("NullAway.Init")
    private GroupReader reader;

    private static final class Collected implements NodeStream.Receiver {
        final List<FragmentFrame> frames = new ArrayList<>();
        @Nullable
        Throwable failure;
        boolean ended;

        @Override
        public void onFrame(byte[] frame) {
            frames.add(FragmentFrame.decode(frame));
        }

        @Override
        public void onEnd() {
            ended = true;
        }

        @Override
        public void onError(Throwable cause) {
            failure = cause;
        }

        FragmentFrame.End end() {
            assertThat(failure).isNull();
            assertThat(ended).isTrue();
            return (FragmentFrame.End) frames.getLast();
        }
    }

    @BeforeEach
    void open() {
        engine = SharedEngine.create(new EngineOptions(4 << 20, 16 << 20, 2, 0));
        region = new RegionReplica(1, root, engine);
        region.activate(List.of(region.self));
        reader = new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
        for (int i = 0; i < 1_000; i++) {
            region.commit(RegionReplica.insert("k%04d".formatted(i), "{\"id\":\"k%04d\",\"v\":%d}".formatted(i, i)));
        }
        region.commit(RegionReplica.delete("k0999"));
    }

    @AfterEach
    void close() {
        region.close();
        engine.close();
    }

    private static Fragment fragment(String statement, Map<String, JsonValue> parameters) {
        return new Fragment(statement, parameters, 0, 100, 1 << 20, Optional.empty());
    }

    private NodeStream ask(Fragment fragment, RangeRef range, long timeoutMillis, Collected into) {
        return server.open(reader,
                new FragmentRequest(range, RegionReplica.ALL, List.of(), fragment.toBytes(), TERMS, timeoutMillis).encode(), into);
    }

    private void run() {
        for (Runnable next = work.poll(); next != null; next = work.poll()) {
            next.run();
        }
    }

    private static List<JsonValue> values(Fragment fragment, Collected collected) {
        Fragment.Ready ready = fragment.ready(RegionReplica.COLLECTION.strategy());
        List<Partial> partials = new ArrayList<>();
        collected.frames.forEach(frame -> {
            if (frame instanceof FragmentFrame.Piece piece) {
                partials.add(PartialCodec.read(ready.plan(), piece.bytes()));
            }
        });
        return FinalMerge.page(ready.plan(), ready.bindings(), ready.page(), partials).values();
    }

    @Test
    void aFragmentSeesOneStateHoweverLongItTakes() {
        Collected collected = new Collected();
        Fragment fragment = fragment(COUNT, Map.of());
        ask(fragment, region.range, 100_000, collected).request(10);
        work.remove().run(); // the state is opened, and the first slice
        assertThat(collected.ended).isFalse();
        region.commit(RegionReplica.put("k0998", "{\"id\":\"k0998\",\"v\":1000000}"));
        region.commit(RegionReplica.insert("z", "{\"id\":\"z\",\"v\":1000000}"));
        run();
        assertThat(values(fragment, collected)).hasToString("[{\"n\":999,\"s\":498501}]");
        assertThat(collected.end().documents()).isEqualTo(999);
        assertThat(collected.end().bytes()).isGreaterThan(10_000);
        assertThat(server.openFragments()).isZero();
        assertThat(memory.reservedBytes()).isZero();
    }

    @Test
    void aShortFragmentWaitsForAThreadOnce() {
        Collected collected = new Collected();
        Fragment fragment = fragment("SELECT * FROM things LIMIT 2", Map.of());
        ask(fragment, region.range, 100_000, collected).request(10);
        work.remove().run();
        assertThat(collected.end().documents()).isEqualTo(2);
        assertThat(work).isEmpty();
        assertThat(server.openFragments()).isZero();
    }

    @Test
    void aFragmentThatNobodyWantsAnyMoreReadsNothing() {
        Collected collected = new Collected();
        NodeStream stream = ask(fragment("SELECT * FROM things LIMIT 2", Map.of()), region.range, 100_000, collected);
        stream.request(10);
        stream.cancel();
        run();
        assertThat(collected.frames).isEmpty();
        assertThat(collected.ended).isFalse();
        assertThat(server.openFragments()).isZero();
    }

    @Test
    void countingReadsNoDocument() {
        Collected collected = new Collected();
        Fragment fragment = fragment("SELECT COUNT(*) AS n FROM things", Map.of());
        ask(fragment, region.range, 100_000, collected).request(10);
        run();
        assertThat(values(fragment, collected)).hasToString("[{\"n\":999}]");
        assertThat(collected.end().bytes()).isZero();
    }

    @Test
    void onlyTheRowsThatAPageNeedsTravel() {
        Collected top = new Collected();
        Fragment fragment = fragment("SELECT VALUE v FROM things WHERE v < @max ORDER BY v DESC LIMIT 3",
                Map.of("max", JsonNumber.of(500)));
        ask(fragment, region.range, 100_000, top).request(10);
        run();
        assertThat(values(fragment, top)).hasToString("[499, 498, 497]");
        assertThat(top.frames).hasSize(2);
        Collected first = new Collected();
        ask(fragment("SELECT * FROM things LIMIT 2", Map.of()), region.range, 100_000, first).request(10);
        run();
        assertThat(first.end().documents()).as("the rest is left alone").isEqualTo(2);
        assertThat(first.end().enough()).isTrue();
    }

    @Test
    void nothingIsSentThatWasNotAskedFor() {
        Collected collected = new Collected();
        Fragment fragment = new Fragment("SELECT * FROM things", Map.of(), 0, 1_000, 1 << 20, Optional.empty());
        NodeStream stream = ask(fragment, region.range, 100_000_000, collected);
        run();
        assertThat(collected.frames).isEmpty();
        assertThat(server.openFragments()).isEqualTo(1);
        stream.request(1);
        run();
        assertThat(collected.frames).hasSize(1);
        stream.request(1_000);
        run();
        assertThat(values(fragment, collected)).hasSize(999);
    }

    @Test
    void whatNobodyWantsEnds() {
        Collected collected = new Collected();
        NodeStream stream = ask(fragment(COUNT, Map.of()), region.range, 100_000, collected);
        work.remove().run();
        stream.cancel();
        run();
        assertThat(server.openFragments()).isZero();
        assertThat(collected.frames).isEmpty();
    }

    @Test
    void theDeadlineIsTheNodesToo() {
        Collected collected = new Collected();
        ask(fragment(COUNT, Map.of()), region.range, 30, collected).request(10);
        run();
        refused(collected, ErrorCode.TIMED_OUT);
        assertThat(server.openFragments()).isZero();
    }

    @Test
    void budgetsAreKept() {
        Collected collected = new Collected();
        String wide = "SELECT x.v, COUNT(*) FROM things x, UNNEST(@list) y, UNNEST(@list) z GROUP BY x.v, y, z";
        List<JsonValue> many = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            many.add(JsonNumber.of(i));
        }
        ask(fragment(wide, Map.of("list", new io.aviladb.core.document.JsonArray(many))), region.range, 100_000_000, collected).request(10);
        run();
        refused(collected, ErrorCode.OVERLOADED); // the place's memory is less than a query's here
        assertThat(memory.reservedBytes()).isZero();
        assertThat(server.openFragments()).isZero();
    }

    @Test
    void anOldMapIsToldSo() {
        Collected collected = new Collected();
        ask(fragment(COUNT, Map.of()), new RangeRef(region.range.range(), 99), 100_000, collected).request(10);
        run();
        refused(collected, ErrorCode.RANGE_MOVED);
    }

    @Test
    void anotherVersionIsRefusedBeforeAnythingRuns() {
        byte[] bytes = fragment(COUNT, Map.of()).toBytes();
        bytes[0]++;
        byte[] payload = new FragmentRequest(region.range, RegionReplica.ALL, List.of(), bytes, TERMS, 1_000).encode();
        assertThatExceptionOfType(NodeRefusal.class).isThrownBy(() -> server.open(reader, payload, new Collected()))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.FRAGMENT_UNSUPPORTED));
        assertThat(server.openFragments()).isZero();
    }

    @Test
    void aNodeTakesOnOnlySoMany() {
        for (int i = 0; i < 256; i++) {
            ask(fragment(COUNT, Map.of()), region.range, 100_000, new Collected());
        }
        assertThatExceptionOfType(NodeRefusal.class)
                .isThrownBy(() -> ask(fragment(COUNT, Map.of()), region.range, 100_000, new Collected()))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.OVERLOADED));
    }

    private static void refused(Collected collected, ErrorCode code) {
        assertThat(collected.failure).isInstanceOfSatisfying(NodeRefusal.class, refusal -> assertThat(refusal.code()).isEqualTo(code));
        assertThat(collected.ended).isFalse();
    }
}
