package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.ProposalFailure;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Whose word a leader needs before it may read: a majority's, and of two majorities while the group's members change. */
class TermConfirmationTest {
    private static final long TERM = 7;
    private static final long COMMITTED = 42;

    private final Map<NodeId, CompletableFuture<Long>> answers = new TreeMap<>();

    private static NodeId node(int ordinal) {
        return NodeId.parse("sa-east-1/" + ordinal);
    }

    private static Set<NodeId> nodes(int... ordinals) {
        return Arrays.stream(ordinals).mapToObj(TermConfirmationTest::node).collect(Collectors.toSet());
    }

    /** Of node 1. */
    private CompletableFuture<Long> confirm(Set<NodeId> now, Set<NodeId> before) {
        return new TermConfirmation(node(1), () -> new TermConfirmation.Voters(now, before), () -> OptionalLong.of(TERM), () -> COMMITTED,
                peer -> answers.computeIfAbsent(peer, asked -> new CompletableFuture<>()), Duration.ofMinutes(1)).confirm();
    }

    private void answers(int ordinal, long term) {
        Objects.requireNonNull(answers.get(node(ordinal)), "it isn't asked").complete(term);
    }

    @Test
    void aMajorityConfirms() {
        CompletableFuture<Long> index = confirm(nodes(1, 2, 3, 4, 5), Set.of());
        answers(2, TERM);
        assertThat(index).as("two of five").isNotDone();
        answers(4, TERM);
        assertThat(index).isCompletedWithValue(COMMITTED);
    }

    @Test
    void aNodeAloneConfirmsItself() {
        assertThat(confirm(nodes(1), Set.of())).isCompletedWithValue(COMMITTED);
    }

    @Test
    void aLaterTermRefuses() {
        CompletableFuture<Long> index = confirm(nodes(1, 2, 3), Set.of());
        answers(2, TERM + 1);
        assertThatThrownBy(index::join).hasCauseInstanceOf(ProposalFailure.class);
    }

    @Test
    void whileMembersChangeBothMajoritiesAreNeeded() {
        CompletableFuture<Long> index = confirm(nodes(1, 2, 3), nodes(1, 4, 5));
        answers(2, TERM);
        answers(3, TERM);
        assertThat(index).as("all of the new ones, and one of three old ones").isNotDone();
        answers(5, TERM);
        assertThat(index).isCompletedWithValue(COMMITTED);
    }

    @Test
    void aLeaderThatLeavesCountsOnlyWhereItWas() {
        CompletableFuture<Long> index = confirm(nodes(2, 3, 4), nodes(1, 2, 3));
        answers(2, TERM);
        assertThat(index).as("two of three old ones, one of three new ones").isNotDone();
        answers(4, TERM);
        assertThat(index).isCompletedWithValue(COMMITTED);
    }
}
