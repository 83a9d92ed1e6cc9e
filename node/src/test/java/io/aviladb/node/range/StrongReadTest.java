package io.aviladb.node.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.ProposalFailure;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A strong read shows nothing before a majority has confirmed the leader, and nothing of a range that has become another. */
class StrongReadTest {
    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path directory;

    private final CompletableFuture<Long> confirmation = new CompletableFuture<>();
    private final CompletableFuture<Void> application = new CompletableFuture<>();

    @SuppressWarnings("NullAway.Init")
    private Regions regions;

    @SuppressWarnings("NullAway.Init")
    private RegionReplica a;

    @BeforeEach
    void open() {
        regions = Regions.of(1, directory);
        a = regions.get(1);
        a.commit(RegionReplica.put("k", "{\"x\":1}"));
    }

    @AfterEach
    void close() {
        regions.close();
    }

    private CompletableFuture<ReadReply> read(RangeRef range, ReadConsistency consistency) {
        LeaderAlone raft = new LeaderAlone() {
            @Override
            public GroupDescriptor descriptor() {
                return new GroupDescriptor(101, GroupDescriptor.Kind.DATA, List.of(), new NodeId(new RegionId("a"), 1));
            }

            @Override
            public CompletableFuture<Long> confirmReadIndex() {
                return confirmation;
            }

            @Override
            public CompletableFuture<Void> awaitApplied(long index) {
                return application;
            }
        };
        return new GroupReader(raft, a.machine, a.self, () -> {}, (delay, task) -> () -> {}, Runnable::run)
                .read(new ReadRequest(101, range, RegionReplica.key("k"), new ReadTerms(consistency, VersionVector.EMPTY, 1_000)));
    }

    @Test
    void itWaitsForTheMajorityAndThenForApply() {
        CompletableFuture<ReadReply> read = read(a.range, ReadConsistency.STRONG);
        assertThat(read).as("nobody has confirmed").isNotDone();
        confirmation.complete(7L);
        assertThat(read).as("what was committed then isn't applied").isNotDone();
        application.complete(null);
        assertThat(read.join().json()).isPresent();
    }

    @Test
    void aLeaderThatWasDeposedRefuses() {
        confirmation.completeExceptionally(new ProposalFailure(ProposalFailure.Kind.NOT_LEADER, Optional.empty(), "deposed"));
        assertThatThrownBy(() -> read(a.range, ReadConsistency.STRONG).join()).cause().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NO_LEADER));
    }

    @Test
    void aRangeAtAnOlderEpochIsRefused() {
        a.split(RegionReplica.key("m"), 99);
        assertThatThrownBy(() -> read(a.range, ReadConsistency.EVENTUAL).join()).cause().isInstanceOfSatisfying(NodeRefusal.class,
                refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.RANGE_MOVED));
        assertThat(read(a.owner(RegionReplica.key("k")).ref(), ReadConsistency.EVENTUAL).join().json()).isPresent();
    }
}
