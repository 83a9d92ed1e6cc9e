package io.aviladb.replication.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.schedule.InlinePool;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.FrameDecoder;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FeedStreamTest {
    private static final RegionIncarnation SELF = new RegionIncarnation(1);
    private static final int GROUP = 7;

    private final MemoryFeed feed = new MemoryFeed(SELF);
    private final InlinePool pool = new InlinePool();
    private final List<LinkBatch> frames = new ArrayList<>();
    private final List<Throwable> errors = new ArrayList<>();
    private long nanos = 12_345;

    private static DocumentKey key(int collection, int number) {
        return DocumentKey.of(collection, PartitionStrategy.single(FieldPath.of("n")), List.of(JsonNumber.of(number)), "id" + number);
    }

    private static Piece piece(int collection, long from) {
        return new Piece(collection, 10L * collection, KeyRange.collection(collection), HybridTimestamp.ofMillis(from));
    }

    private NodeStream open(RegionIncarnation expected, Piece... pieces) {
        return FeedStream.open(feed, SELF, GROUP, new FollowRequest(expected, List.of(pieces)), new NodeStream.Receiver() {
            private final FrameDecoder decoder = new FrameDecoder();

            @Override
            public void onFrame(byte[] frame) {
                frames.add(LinkBatch.decode(decoder.decode(frame)));
            }

            @Override
            public void onEnd() {
                errors.add(new AssertionError("a feed has no end"));
            }

            @Override
            public void onError(Throwable cause) {
                errors.add(cause);
            }
        }, pool, () -> nanos);
    }

    private void pass(long millis) {
        nanos += TimeUnit.MILLISECONDS.toNanos(millis);
    }

    private void ringAll() {
        List<Runnable> due = List.copyOf(pool.later);
        pool.later.clear();
        due.forEach(Runnable::run);
    }

    private NodeStream open(Piece... pieces) {
        return open(SELF, pieces);
    }

    private static List<DocumentKey> keys(LinkBatch batch) {
        return batch.changes().stream().map(LinkBatch.Change::key).toList();
    }

    @Test
    void nothingIsSentWithoutCredit() {
        NodeStream stream = open(piece(1, 0));
        feed.write(100, key(1, 1));
        assertThat(frames).isEmpty();
        stream.request(2);
        assertThat(frames).hasSize(1);
        pass(15);
        feed.write(200, key(1, 2));
        pass(15);
        feed.write(300, key(1, 3));
        assertThat(frames).as("the credit is used up").hasSize(2);
        stream.request(1);
        assertThat(frames).hasSize(3);
        assertThat(frames).extracting(frame -> frame.pieces().get(0).from().millis()).containsExactly(0L, 100L, 200L);
        assertThat(frames).extracting(frame -> frame.to().millis()).containsExactly(100L, 200L, 300L);
    }

    @Test
    void changesThatFollowAtOnceShareAFrame() {
        NodeStream stream = open(piece(1, 0));
        stream.request(5);
        feed.write(100, key(1, 1));
        assertThat(frames).as("after a pause a change goes at once").hasSize(1);
        for (int n = 2; n < 10; n++) {
            pass(1);
            feed.write(100 + n, key(1, n));
        }
        assertThat(frames).hasSize(1);
        assertThat(pool.later).as("one timer, whatever was written").hasSize(1);
        pass(7);
        ringAll();
        assertThat(frames).hasSize(2);
        assertThat(keys(frames.get(1))).hasSize(8);
        ringAll();
        assertThat(frames).hasSize(2);
    }

    @Test
    void aBacklogDoesNotWait() {
        DocumentKey[] many = new DocumentKey[10_000]; // three batches
        for (int i = 0; i < many.length; i++) {
            many[i] = key(1, i);
            feed.write(20 + i, many[i]);
        }
        open(piece(1, 0)).request(5);
        assertThat(frames).hasSize(3);
        assertThat(pool.later).isEmpty();
    }

    @Test
    void aClosedMarkAloneWaitsUntilItHasBeenQuiet() {
        NodeStream stream = open(piece(1, 0));
        stream.request(5);
        feed.write(100, key(1, 1));
        assertThat(frames).hasSize(1);
        feed.close(150); // nothing but the stamp has moved
        assertThat(frames).hasSize(1);
        assertThat(pool.later).as("looked at again later").isNotEmpty();
        pass(15);
        feed.mark(200); // an acknowledgement is worth a frame
        assertThat(frames).hasSize(2);
        assertThat(frames.get(1).marks()).hasSize(1);
        assertThat(frames.get(1).to().millis()).isEqualTo(200);
    }

    @Test
    void piecesAtDifferentPositionsMeetAndGoOnTogether() {
        feed.write(100, key(1, 1), key(2, 1));
        feed.write(200, key(1, 2), key(2, 2));
        feed.write(300, key(1, 3), key(2, 3));
        open(piece(1, 200), piece(2, 0)).request(10);
        assertThat(frames).hasSize(2);
        assertThat(frames.get(0).pieces()).extracting(Piece::targetRange).containsExactly(2L);
        assertThat(keys(frames.get(0))).containsExactly(key(2, 1), key(2, 2));
        assertThat(frames.get(0).to().millis()).isEqualTo(200);
        assertThat(frames.get(1).pieces()).extracting(Piece::targetRange).containsExactlyInAnyOrder(1L, 2L);
        assertThat(keys(frames.get(1))).containsExactly(key(1, 3), key(2, 3));
    }

    @Test
    void anotherLifeOfTheRegionIsRefused() {
        assertThatThrownBy(() -> open(new RegionIncarnation(2), piece(1, 0))).isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RANGE_MOVED));
        assertThat(feed.listeners()).isZero();
    }

    @Test
    void aRangeThatIsNotHereIsRefused() {
        feed.ownsAll = false;
        assertThatThrownBy(() -> open(piece(1, 0))).isInstanceOf(NodeRefusal.class);
        assertThat(feed.listeners()).isZero();
    }

    @Test
    void aFrozenPieceIsFollowedToItsEndAndHoldsUpNoOther() {
        feed.frozen.put(piece(1, 0).interval(), HybridTimestamp.ofMillis(150));
        NodeStream stream = open(piece(1, 0), piece(2, 0));
        feed.write(100, key(1, 1), key(2, 1));
        feed.write(200, key(2, 2)); // the first piece's keys may be written elsewhere by now
        stream.request(10);
        pass(15);
        feed.write(300, key(2, 3));
        assertThat(frames.stream().flatMap(frame -> keys(frame).stream())).containsExactly(key(1, 1), key(2, 1), key(2, 2), key(2, 3));
        for (LinkBatch frame : frames) {
            if (frame.pieces().stream().anyMatch(piece -> piece.targetRange() == 1)) {
                assertThat(frame.to().millis()).isLessThanOrEqualTo(150);
            }
        }
        assertThat(frames.getLast().to().millis()).isEqualTo(300);
        assertThat(errors).isEmpty();
    }

    @Test
    void aPieceThatGoesEndsTheStream() {
        NodeStream stream = open(piece(1, 0));
        stream.request(5);
        feed.write(100, key(1, 1));
        feed.ownsAll = false;
        pass(15);
        feed.write(200, key(1, 2));
        assertThat(frames).hasSize(1);
        assertThat(errors).singleElement().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RANGE_MOVED));
        assertThat(feed.listeners()).isZero();
    }

    @Test
    void aPieceBehindWhereItsFeedBeganIsScanned() {
        feed.write(100, key(1, 1));
        feed.begun = HybridTimestamp.ofMillis(90);
        open(piece(1, 50)).request(1);
        assertThat(frames.get(0).rebase()).isTrue();
        assertThat(frames.get(0).to().millis()).isEqualTo(100);
    }

    @Test
    void openingAsksForATickAndCancellingEndsAll() {
        NodeStream stream = open(piece(1, 0));
        assertThat(feed.wantedTicks).isEqualTo(1);
        stream.request(5);
        stream.cancel();
        feed.write(100, key(1, 1));
        assertThat(frames).isEmpty();
        assertThat(feed.listeners()).isZero();
    }

    @Test
    void aPieceBehindTheTrimIsScannedAndThenFollows() {
        feed.write(100, key(1, 1));
        feed.write(200, key(1, 2));
        feed.rows.clear();
        feed.trimmed = HybridTimestamp.ofMillis(200);
        open(piece(1, 50)).request(1);
        assertThat(frames.get(0).rebase()).isTrue();
        assertThat(keys(frames.get(0))).containsExactly(key(1, 1), key(1, 2));
        assertThat(frames.get(0).to().millis()).isEqualTo(200);
    }

    @Test
    void aRebaseIsFinishedBeforeAnotherPieceThatFellBehindBegins() {
        DocumentKey[] many = new DocumentKey[5_000]; // more than one batch
        for (int i = 0; i < many.length; i++) {
            many[i] = key(2, i);
        }
        feed.write(20, many);
        feed.write(40, key(1, 1));
        feed.write(100, key(1, 2));
        feed.trimmed = HybridTimestamp.ofMillis(30);
        NodeStream stream = open(piece(1, 50), piece(2, 10));
        stream.request(1);
        assertThat(frames.get(0).pieces()).extracting(Piece::targetRange).containsExactly(2L);
        assertThat(frames.get(0).to()).as("not over yet").isEqualTo(frames.get(0).pieces().get(0).from());
        feed.trimmed = HybridTimestamp.ofMillis(60); // now the other one is behind too
        stream.request(2);
        assertThat(frames.get(1).pieces()).extracting(Piece::targetRange).containsExactly(2L);
        assertThat(keys(frames.get(0)).size() + keys(frames.get(1)).size()).isEqualTo(many.length);
        assertThat(frames.get(2).pieces()).extracting(Piece::targetRange).containsExactly(1L);
        assertThat(keys(frames.get(2))).containsExactly(key(1, 1), key(1, 2));
        assertThat(errors).isEmpty();
    }
}
