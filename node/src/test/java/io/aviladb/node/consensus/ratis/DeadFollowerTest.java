package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.ratis.LoopbackCluster.Node;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.LogAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A follower that is gone costs its leader next to nothing, and is back soon after its return. */
final class DeadFollowerTest {
    private static final int GROUP = 3;
    private static final Duration WATCHED = Duration.ofSeconds(4);
    private static final LoopbackCluster.UnaryOperatorOfNode DEFAULT_ELECTIONS = LoopbackCluster
            .all(t -> t.withElections(Tuning.DEFAULTS.electionMin(), Tuning.DEFAULTS.electionMax()));

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path root;

    @Test
    void leaderOfAQuietGroupSeldomCallsADeadFollower() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root, DEFAULT_ELECTIONS)) {
            cluster.openEverywhere(GROUP);
            Node leader = cluster.nodes.getFirst();
            cluster.awaitLeader(GROUP, leader);
            cluster.write(GROUP, 1);
            cluster.awaitSame(GROUP, 1);
            cluster.nodes.get(2).stop(true);
            long before = attempts(leader, cluster.nodes.get(2));
            pause(WATCHED);
            // Four heartbeats in an election time-out, each of which may cost some attempts; a spinning sender makes 50,000 a second.
            assertThat(attempts(leader, cluster.nodes.get(2)) - before).isPositive().isLessThan(20 * WATCHED.toSeconds());
        }
    }

    @Test
    void leaderUnderLoadSeldomCallsADeadFollowerWhichIsSoonBackAfterItsReturn() throws IOException {
        try (LoopbackCluster cluster = new LoopbackCluster(root, DEFAULT_ELECTIONS)) {
            GroupDescriptor descriptor = cluster.openEverywhere(GROUP);
            Node leader = cluster.nodes.getFirst();
            Node dead = cluster.nodes.get(2);
            cluster.awaitLeader(GROUP, leader);
            cluster.write(GROUP, 1);
            cluster.awaitSame(GROUP, 1);
            dead.stop(true);
            long before = attempts(leader, dead);
            int written = write(leader, 2, WATCHED);
            // Each entry may wake the sender once.
            assertThat(attempts(leader, dead) - before).isPositive().isLessThan(20 * WATCHED.toSeconds() + written);
            assertThat(leader.group(GROUP).leadership().ready()).isTrue();

            dead.start();
            dead.open(descriptor);
            await().atMost(Duration.ofSeconds(5)).until(() -> dead.state(GROUP).numbers().size() == written + 1);
        }
    }

    /** @return how many were written, one after the other at about 100 in a second */
    private static int write(Node leader, long first, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        int count = 0;
        while (System.nanoTime() < end) {
            long number = first + count++;
            LoopbackCluster.get(leader.group(GROUP).propose(RecordingState.entry(number), number));
            pause(Duration.ofMillis(10));
        }
        return count;
    }

    private static void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        for (long left = time.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(Math.min(left, TimeUnit.MILLISECONDS.toNanos(100)));
        }
    }

    /** The call ids that the leader has spent on the follower: each round of its sender takes one. Ratis shows them to nobody. */
    private static long attempts(Node leader, Node follower) {
        RaftServer.Division division = Objects.requireNonNull(((RatisGroup) leader.group(GROUP)).division());
        Object role = call(division, "getRole");
        Object state = ((Optional<?>) call(role, "getLeaderState")).orElseThrow();
        return ((Stream<?>) call(state, "getLogAppenders")).map(LogAppender.class::cast)
                .filter(a -> a.getFollowerId().equals(RatisNames.peer(follower.self))).mapToLong(LogAppender::getCallId).sum();
    }

    private static Object call(Object target, String method) {
        try {
            Method found = target.getClass().getDeclaredMethod(method);
            found.setAccessible(true);
            return Objects.requireNonNull(found.invoke(target));
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
