package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.query.FragmentServer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.proto.node.ScanRequest;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Queries of all regions by differences (docs/protocols/global-queries.md), over three regions whose links come and go, against the newest state of
 * each key of all regions. {@code -Davila.seeds=N} runs more of them.
 */
class GlobalQuerySimulation {
    private static final ReadTerms TERMS = new ReadTerms(ReadConsistency.EVENTUAL, VersionVector.EMPTY, 1_000);
    private static final SharedEngine ENGINE = Regions.engine();
    private static final int KEYS = 12;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    @AfterAll
    static void close() {
        ENGINE.close();
    }

    @Test
    void eachKeyCountsOnceInItsNewestState() {
        long first = Long.getLong("avila.seed", 1);
        long seeds = Long.getLong("avila.seeds", 25);
        for (long seed = first; seed < first + seeds; seed++) {
            try (Regions regions = Regions.of(3, directory.resolve("seed" + seed), ENGINE)) {
                new World(regions, new Random(seed)).run();
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("seed " + seed + ": " + e.getMessage(), e);
            }
        }
    }

    private static final class World {
        private final Regions regions;
        private final Random random;
        private final List<Map<String, String>> moments = new ArrayList<>(); // of the newest states, while a query runs
        private int carried;

        World(Regions regions, Random random) {
            this.regions = regions;
            this.random = random;
        }

        void run() {
            for (int step = 0; step < 80; step++) {
                disturb();
                if (random.nextInt(4) == 0) {
                    query(random.nextBoolean());
                }
            }
            regions.settle();
            query(false);
            assertThat(carried).as("settled regions have no differences").isZero();
        }

        private void disturb() {
            RegionReplica region = regions.get(1 + random.nextInt(3));
            regions.at(region.millis + random.nextInt(20));
            String id = "k" + random.nextInt(KEYS);
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> region.write(RegionReplica.put(id, "{\"id\":\"%s\",\"v\":%d}".formatted(id, random.nextInt(1_000))));
                case 3 -> region.write(RegionReplica.patch(id, "w", Integer.toString(random.nextInt(1_000))));
                case 4 -> region.write(RegionReplica.delete(id));
                case 5 -> region.tick();
                default -> regions.links.get(random.nextInt(regions.links.size())).catchUp();
            }
            moments.add(newest());
        }

        /** @param disturbed whether the world goes on between the steps of the query */
        private void query(boolean disturbed) {
            RegionReplica home = regions.get(1 + random.nextInt(3));
            moments.clear();
            moments.add(newest());
            VersionVector base = reader(home)
                    .scan(ScanRequest.ofCoverage(1, home.owned().ref(), RegionReplica.ALL, TERMS)).join().covered();
            pause(disturbed);
            TreeMap<DocumentKey, ScanReply.Row> differences = new TreeMap<>();
            for (RegionReplica other : regions.all) {
                if (other != home) {
                    scan(other, Optional.of(base)).forEach(row -> differences.merge(row.key(), row, ScanReply.Row::newest));
                }
                pause(disturbed);
            }
            carried = differences.size();
            List<ScanReply.Row> held = new ArrayList<>();
            List<JsonValue> rows = atHome(home, List.copyOf(differences.keySet()), held);
            held.forEach(row -> differences.merge(row.key(), row, ScanReply.Row::newest));
            differences.values().stream().filter(row -> !row.deleted())
                    .forEach(row -> rows.add(Document.ofCanonical(row.json()).root()));
            check(rows);
        }

        private void pause(boolean disturbed) {
            for (int i = disturbed ? random.nextInt(4) : 0; i > 0; i--) {
                disturb();
            }
        }

        private void check(List<JsonValue> rows) {
            Map<String, String> found = new TreeMap<>();
            for (JsonValue row : rows) {
                String id = ((JsonString) ((JsonObject) row).get("id").orElseThrow()).value();
                assertThat(found.put(id, row.toJson())).as("EachKeyOnce").isNull();
            }
            Set<String> throughout = new HashSet<>(moments.getFirst().keySet());
            moments.forEach(moment -> throughout.retainAll(moment.keySet()));
            assertThat(found.keySet()).as("NothingMissing").containsAll(throughout);
            found.forEach((id, json) -> assertThat(moments.stream().map(moment -> String.valueOf(moment.get(id)))).as("OnlyNewestStates")
                    .contains(json));
        }

        private Map<String, String> newest() {
            TreeMap<DocumentKey, ScanReply.Row> newest = new TreeMap<>();
            regions.all.forEach(
                    region -> scan(region, Optional.empty()).forEach(row -> newest.merge(row.key(), row, ScanReply.Row::newest)));
            Map<String, String> live = new TreeMap<>();
            newest.values().stream().filter(row -> !row.deleted())
                    .forEach(row -> live.put(row.key().id(), new String(row.json(), StandardCharsets.UTF_8)));
            return live;
        }

        private static GroupReader reader(RegionReplica region) {
            return new GroupReader(new LeaderAlone(), region.machine, region.self, () -> {}, (delay, task) -> () -> {}, Runnable::run);
        }

        private static List<ScanReply.Row> scan(RegionReplica region, Optional<VersionVector> beyond) {
            return reader(region).scan(new ScanRequest(1, region.owned().ref(), RegionReplica.ALL, Optional.empty(), 1_000, 1 << 20, false,
                    true, beyond, Integer.MAX_VALUE, TERMS)).join().rows();
        }

        private static List<JsonValue> atHome(RegionReplica home, List<DocumentKey> keys, List<ScanReply.Row> held) {
            Fragment fragment = new Fragment("SELECT * FROM things", Map.of(), 0, 1_000, 1 << 20, Optional.empty());
            Fragment.Ready ready = fragment.ready(RegionReplica.COLLECTION.strategy());
            List<JsonValue> rows = new ArrayList<>();
            FragmentServer server = new FragmentServer(Runnable::run, System::nanoTime, QueryMemory.ofHeap());
            NodeStream stream = server.open(reader(home),
                    new FragmentRequest(home.owned().ref(), RegionReplica.ALL, keys, fragment.toBytes(), TERMS, 60_000).encode(),
                    new NodeStream.Receiver() {
                        @Override
                        public void onFrame(byte[] frame) {
                            if (FragmentFrame.decode(frame) instanceof FragmentFrame.Held some) {
                                held.addAll(some.rows());
                            } else if (FragmentFrame.decode(frame) instanceof FragmentFrame.Piece piece) {
                                ((Partial.Rows) PartialCodec.read(ready.plan(), piece.bytes())).rows()
                                        .forEach(row -> rows.add(row.value()));
                            }
                        }

                        @Override
                        public void onEnd() {
                            // All frames have come.
                        }

                        @Override
                        public void onError(Throwable cause) {
                            throw new AssertionError(cause);
                        }
                    });
            stream.request(100);
            assertThat(server.openFragments()).isZero();
            return rows;
        }
    }
}
