package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.storage.engine.SharedEngine;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;

/**
 * Sessions that wander between three regions under a random schedule of one seed. Beside each stands what it has written and seen, document by
 * document: no region may show it less.
 */
final class SessionWorld implements AutoCloseable {
    /** What is done wrong on purpose, to show that a schedule finds it. */
    enum Fault {
        NONE,
        /** Reads are sent without the session's token. */
        TOKEN_IGNORED,
        /** A source says that it is closed up to its clock, before what it has yet to write is in its log. */
        CLOSED_BEFORE_THE_LOG,
        /** A pulled batch moves its cursors in one entry, and brings its changes in a later one. */
        CURSOR_BEFORE_THE_APPLY
    }

    private static final List<String> DOCUMENTS = List.of("d0", "d1", "d2");

    private final Random random;
    private final Fault fault;
    private final Regions regions;
    private final Map<RegionReplica, GroupReader> readers = new HashMap<>();
    private final Map<RegionReplica, CollectorPlan> plans = new HashMap<>();
    private final List<Session> sessions = List.of(new Session(1), new Session(2), new Session(3));
    private final Queue<Late> late = new ArrayDeque<>();
    private int answered;

    private record Late(RegionLink link, LinkBatch batch) {}

    private static final class Session {
        final int name;
        final Map<String, VersionVector> mustSee = new HashMap<>();
        VersionVector token = VersionVector.EMPTY;

        Session(int name) {
            this.name = name;
        }

        void saw(String id, VersionVector vector, VersionVector seen) {
            token = token.join(seen).join(vector);
            mustSee.merge(id, vector, VersionVector::join);
        }
    }

    SessionWorld(long seed, Fault fault, Path directory, SharedEngine engine) {
        this.random = new Random(seed);
        this.fault = fault;
        this.regions = Regions.of(3, directory, engine);
        for (RegionReplica region : regions.all) {
            region.millis = 1_000 + random.nextInt(400); // clocks differ
            readers.put(region, new GroupReader(new ConfirmedLeader(), region.machine, region.self, () -> {}, (delay, task) -> () -> {},
                    Runnable::run));
            plans.put(region, new CollectorPlan(region.machine, region.self, random.nextInt(100), 3_600_000));
        }
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    void step() {
        RegionReplica region = any(regions.all);
        region.millis += random.nextInt(3) == 0 ? random.nextInt(40) - 4 : 0;
        int dice = random.nextInt(100);
        if (dice < 30) {
            write(any(sessions), region, any(DOCUMENTS));
        } else if (dice < 65) {
            read(any(sessions), region, any(DOCUMENTS));
        } else if (dice < 85) {
            pull(any(regions.links));
        } else if (dice < 90) {
            arriveLate();
        } else if (dice < 96) {
            region.tick();
        } else {
            Objects.requireNonNull(plans.get(region)).next(region.millis).forEach(region::apply);
        }
    }

    /** How many reads were answered. */
    int answered() {
        return answered;
    }

    private GroupReader reader(RegionReplica region) {
        return Objects.requireNonNull(readers.get(region));
    }

    private void write(Session session, RegionReplica region, String id) {
        if (!reader(region).isCoveredNow(List.of(region.range), session.token)) {
            return; // the leader waits, and the client gives up
        }
        DocumentWrite write = switch (random.nextInt(4)) {
            case 0 -> RegionReplica.put(id, "{\"a\":" + random.nextInt(1_000) + "}");
            case 1 -> RegionReplica.delete(id);
            case 2 -> RegionReplica.insert(id, "{\"b\":1}");
            default -> RegionReplica.patch(id, "c", "" + random.nextInt(1_000));
        };
        switch (region.write(null, session.token, write)) {
            case UnitAnswer.Committed committed -> {
                VersionVector vector = committed.documents().get(0).vector().join(VersionVector.of(committed.version()));
                assertThat(vector.covers(session.mustSee.getOrDefault(id, VersionVector.EMPTY)))
                        .as("WritesFollowReads: session %s wrote %s in region %s", session.name, id, region.self).isTrue();
                session.saw(id, vector, vector);
            }
            case UnitAnswer.Refused refused -> session.saw(id, refused.seen(), refused.seen());
        }
    }

    private void read(Session session, RegionReplica region, String id) {
        VersionVector sent = fault == Fault.TOKEN_IGNORED ? VersionVector.EMPTY : session.token;
        CompletableFuture<ReadReply> read = reader(region).read(
                new ReadRequest(101, region.range, RegionReplica.key(id), new ReadTerms(ReadConsistency.SESSION, sent, 1_000)));
        if (!read.isDone()) {
            read.cancel(false); // it waits for links, and the client gives up
            return;
        }
        ReadReply reply = read.join();
        answered++;
        VersionVector must = session.mustSee.getOrDefault(id, VersionVector.EMPTY);
        assertThat(reply.seen().covers(must))
                .as("SessionsNeverGoBack: session %s has seen %s of %s, and region %s shows %s", session.name, must, id, region.self,
                        reply.seen())
                .isTrue();
        session.saw(id, reply.vector(), reply.seen());
    }

    private void pull(RegionLink link) {
        link.inFlight.clear();
        link.reconnect();
        Optional<LinkBatch> pulled = link.pull();
        if (pulled.isEmpty()) {
            return;
        }
        LinkBatch batch = pulled.get();
        switch (fault) {
            case NONE, TOKEN_IGNORED -> link.deliver(batch);
            case CLOSED_BEFORE_THE_LOG -> link.deliver(with(batch, batch.pieces(),
                    batch.to().max(HybridTimestamp.of(link.source.millis, 0xFFFF)), batch.changes()));
            case CURSOR_BEFORE_THE_APPLY -> {
                link.deliver(with(batch, batch.pieces(), batch.to(), List.of()));
                late.add(new Late(link, batch));
            }
        }
    }

    /** What a cursor has passed already comes, under the cursor as it is then. */
    private void arriveLate() {
        Late next = late.poll();
        if (next != null) {
            HybridTimestamp cursor = next.link.cursor();
            List<Piece> pieces = next.batch.pieces().stream()
                    .map(piece -> new Piece(piece.targetRange(), piece.sourceRange(), piece.interval(), cursor)).toList();
            next.link.deliver(with(next.batch, pieces, cursor, next.batch.changes()));
        }
    }

    private static LinkBatch with(LinkBatch batch, List<Piece> pieces, HybridTimestamp to, List<LinkBatch.Change> changes) {
        return new LinkBatch(batch.source(), batch.sourceGroup(), pieces, to, batch.closed().max(to), batch.rebase(), changes,
                batch.marks(), new ArrayList<>(), batch.behind(), batch.jsonBytes());
    }

    /** Has no other replica to ask. */
    private static final class ConfirmedLeader extends LeaderAlone {
        @Override
        public CompletableFuture<Long> confirmReadIndex() {
            return CompletableFuture.completedFuture(0L);
        }

        @Override
        public CompletableFuture<Void> awaitApplied(long index) {
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public void close() {
        regions.close();
    }
}
