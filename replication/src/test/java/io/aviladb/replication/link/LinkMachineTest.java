package io.aviladb.replication.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.replication.feed.FollowRequest;
import io.aviladb.replication.feed.LinkBatch;
import io.aviladb.replication.feed.Piece;
import io.aviladb.replication.spi.LocalProposer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LinkMachineTest {
    private static final RegionIncarnation SOURCE = new RegionIncarnation(2);
    private static final Piece PIECE = new Piece(1, 2, KeyRange.collection(1), HybridTimestamp.ofMillis(100));
    private static final FollowRequest REQUEST = new FollowRequest(SOURCE, List.of(PIECE));

    private final LinkMachine machine = new LinkMachine("test");

    private static LinkBatch batch(long to) {
        HybridTimestamp stamp = HybridTimestamp.ofMillis(to);
        return new LinkBatch(SOURCE, 1, List.of(PIECE), stamp, stamp, false, List.of(), List.of(), List.of(), 0, 0);
    }

    /** @return the stream's number */
    private long stream() {
        assertThat(machine.step(new LinkEvent.RetryDue())).containsExactly(new LinkEffect.ReadCursors());
        List<LinkEffect> effects = machine.step(new LinkEvent.Cursors(Optional.of(REQUEST)));
        assertThat(machine.state()).isEqualTo(LinkMachine.State.STREAMING);
        long number = ((LinkEffect.Open) effects.get(0)).stream();
        assertThat(effects).containsExactly(new LinkEffect.Open(number, REQUEST), new LinkEffect.Credit(number, LinkMachine.WINDOW));
        return number;
    }

    private static Duration delay(List<LinkEffect> effects) {
        return ((LinkEffect.RetryAfter) effects.get(effects.size() - 1)).delay();
    }

    @Test
    void aRetryReadsTheCursorsAndFollowsThem() {
        assertThat(machine.state()).isEqualTo(LinkMachine.State.IDLE);
        stream();
    }

    @Test
    void withNothingToFollowItWaits() {
        machine.step(new LinkEvent.RetryDue());
        assertThat(machine.state()).isEqualTo(LinkMachine.State.READING);
        assertThat(delay(machine.step(new LinkEvent.Cursors(Optional.empty())))).isPositive();
        assertThat(machine.state()).isEqualTo(LinkMachine.State.IDLE);
    }

    @Test
    void aFrameIsProposedAndWhatIsAppliedGivesCreditBack() {
        long stream = stream();
        LinkBatch batch = batch(200);
        assertThat(machine.step(new LinkEvent.Frame(stream, batch, 10))).containsExactly(new LinkEffect.Propose(stream, batch));
        assertThat(machine.step(new LinkEvent.Applied(stream, batch, LocalProposer.Outcome.APPLIED)))
                .containsExactly(new LinkEffect.Credit(stream, 1));
        assertThat(machine.progress(1_000).lagMillis()).isZero();
        assertThat(machine.progress(1_000).receivedBytes()).isEqualTo(10);
    }

    @Test
    void aStaleCursorIsReadAgain() {
        long stream = stream();
        List<LinkEffect> effects = machine.step(new LinkEvent.Applied(stream, batch(200), LocalProposer.Outcome.STALE));
        assertThat(effects.get(0)).isEqualTo(new LinkEffect.Close(stream));
        assertThat(delay(effects)).isPositive();
        assertThat(stream()).isNotEqualTo(stream);
    }

    @Test
    void whatIsLeftOfAnEarlierStreamIsIgnored() {
        long first = stream();
        machine.step(new LinkEvent.StreamOver(first, "broken"));
        assertThat(machine.state()).isEqualTo(LinkMachine.State.IDLE);
        assertThat(machine.step(new LinkEvent.Frame(first, batch(200), 10))).isEmpty();
        stream();
        assertThat(machine.step(new LinkEvent.Frame(first, batch(200), 10))).isEmpty();
        assertThat(machine.step(new LinkEvent.Applied(first, batch(200), LocalProposer.Outcome.STALE))).isEmpty();
        assertThat(machine.step(new LinkEvent.NotApplied(first, "late"))).isEmpty();
        assertThat(machine.step(new LinkEvent.StreamOver(first, "late"))).isEmpty();
        assertThat(machine.state()).isEqualTo(LinkMachine.State.STREAMING);
    }

    @Test
    void aBatchOfUnknownFateClosesTheStreamAndReadsAgain() {
        long stream = stream();
        List<LinkEffect> effects = machine.step(new LinkEvent.NotApplied(stream, "not the leader"));
        assertThat(effects.get(0)).isEqualTo(new LinkEffect.Close(stream));
        assertThat(machine.state()).isEqualTo(LinkMachine.State.IDLE);
    }

    @Test
    void delaysGrowWithFailuresToABoundAndASuccessBeginsAnew() {
        Duration before = Duration.ZERO;
        for (int i = 0; i < 5; i++) {
            Duration next = delay(machine.step(new LinkEvent.StreamOver(stream(), "broken")));
            assertThat(next).isGreaterThan(before);
            before = next;
        }
        for (int i = 0; i < 40; i++) {
            before = delay(machine.step(new LinkEvent.StreamOver(stream(), "broken")));
        }
        assertThat(before).isEqualTo(Duration.ofSeconds(2));
        long stream = stream();
        machine.step(new LinkEvent.Applied(stream, batch(200), LocalProposer.Outcome.APPLIED));
        assertThat(delay(machine.step(new LinkEvent.StreamOver(stream, "broken")))).isLessThan(Duration.ofMillis(100));
    }

    @Test
    void changedPiecesAreFollowedAtOnce() {
        long stream = stream();
        assertThat(machine.step(new LinkEvent.PiecesChanged())).containsExactly(new LinkEffect.Close(stream), new LinkEffect.ReadCursors());
        assertThat(machine.step(new LinkEvent.PiecesChanged())).as("they are being read").isEmpty();
        machine.step(new LinkEvent.Cursors(Optional.empty()));
        assertThat(machine.step(new LinkEvent.PiecesChanged())).containsExactly(new LinkEffect.ReadCursors());
    }

    @Test
    void stoppedIsTheEnd() {
        long stream = stream();
        assertThat(machine.step(new LinkEvent.Stopped())).containsExactly(new LinkEffect.Close(stream));
        assertThat(machine.step(new LinkEvent.RetryDue())).isEmpty();
        assertThat(machine.step(new LinkEvent.PiecesChanged())).isEmpty();
        assertThat(machine.step(new LinkEvent.Cursors(Optional.of(REQUEST)))).isEmpty();
        assertThat(machine.state()).isEqualTo(LinkMachine.State.STOPPED);
    }
}
