package io.aviladb.node.server;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.VersionVector;
import io.aviladb.core.write.DocumentWrite;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.OperationId;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.Precondition;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.proto.node.ReadReply;
import io.aviladb.proto.node.ReadRequest;
import io.aviladb.proto.node.ReadTerms;
import io.aviladb.proto.node.Topology;
import io.aviladb.proto.node.TopologyRequest;
import io.aviladb.proto.node.WriteRequest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One client of a cluster whose ranges move, with a map that may be old: asks node after node by what it believes, looks anew where it is
 * refused, and retries under the operation's own id. The only writer of its documents, so that it knows what they must be.
 */
final class TransferClient {
    private static final long PATIENCE_SECONDS = 120;

    private final TestCluster cluster;
    private final RegionIncarnation region;
    private final int collection;
    private final String name;
    private final byte[] client;
    private long sequence;
    private @Nullable Topology map; // as it was when somebody last refused
    private @Nullable Throwable lastRefusal;
    private int turn;

    TransferClient(TestCluster cluster, RegionIncarnation region, int collection, int number) {
        this.cluster = cluster;
        this.region = region;
        this.collection = collection;
        this.name = "client" + number;
        this.client = ByteBuffer.allocate(16).putInt(12, number + 1).array();
    }

    DocumentKey key(String id) {
        return TestCluster.key(collection, "p", name + id);
    }

    /** Adds one to a document, replaces another, inserts and deletes a third, and reads all three. @throws AssertionError where one isn't what it must be */
    void round(int round) throws Exception {
        commit(new DocumentWrite(key("counter"), Precondition.NONE, round == 1
                ? new Mutation.Put(utf8("{\"p\":\"p\",\"n\":1}"))
                : new Mutation.Patch(List.of(
                        new PatchOperation(PatchOperation.Kind.INC, FieldPath.of("n"), null, JsonNumber.of(1))))));
        commit(put("last", "{\"p\":\"p\",\"round\":" + round + "}"));
        commit(put("gone", "{\"p\":\"p\"}"));
        commit(new DocumentWrite(key("gone"), Precondition.PRESENT, new Mutation.Delete()));
        expect("counter", Optional.of("{\"p\":\"p\",\"n\":" + round + "}"));
        expect("last", Optional.of("{\"p\":\"p\",\"round\":" + round + "}"));
        expect("gone", Optional.empty());
    }

    private DocumentWrite put(String id, String json) {
        return new DocumentWrite(key(id), Precondition.NONE, new Mutation.Put(utf8(json)));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    void expect(String id, Optional<String> json) throws Exception {
        Optional<String> found = read(id).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
        if (!found.equals(json)) {
            throw new AssertionError(name + id + " is " + found + ", and must be " + json);
        }
    }

    private void commit(DocumentWrite write) throws Exception {
        OperationId operation = new OperationId(client, ++sequence, region, ByteBuffer.allocate(16).putLong(8, sequence).array(),
                HybridTimestamp.ofMillis(System.currentTimeMillis()));
        UnitAnswer answer = served(write.key(), (server, range) -> {
            WriteUnit unit = new WriteUnit(List.of(range.ref()), List.of(write), operation, VersionVector.EMPTY);
            UnitAnswer one = server.api().write(new WriteRequest(range.group(), List.of(unit), 5_000)).get(10, TimeUnit.SECONDS).answers()
                    .getFirst();
            boolean retried = one instanceof UnitAnswer.Refused refused
                    && (refused.code() == ErrorCode.RANGE_MOVED || refused.code() == ErrorCode.NO_LEADER);
            return retried ? null : one;
        });
        if (!(answer instanceof UnitAnswer.Committed)) {
            throw new AssertionError(name + ": " + write + " was answered " + answer);
        }
    }

    private Optional<byte[]> read(String id) throws Exception {
        ReadTerms strong = new ReadTerms(ReadConsistency.STRONG, VersionVector.EMPTY, 5_000);
        ReadReply reply = served(key(id), (server, range) -> server.api().read(new ReadRequest(range.group(), range.ref(), key(id), strong))
                .get(10, TimeUnit.SECONDS));
        return reply.json();
    }

    private interface Attempt<A> {
        /** @return null where somebody else is to be asked */
        @Nullable
        A at(NodeServer server, Topology.Range range) throws Exception;
    }

    private <A> A served(DocumentKey key, Attempt<A> attempt) {
        lastRefusal = null;
        try {
            return Awaitility.await().atMost(Duration.ofSeconds(PATIENCE_SECONDS)).pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5)).until(() -> tried(key, attempt), Optional::isPresent).orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(name + ": nobody serves " + key, lastRefusal);
        }
    }

    private <A> Optional<A> tried(DocumentKey key, Attempt<A> attempt) throws Exception {
        List<NodeServer> servers = cluster.servers();
        NodeServer server = servers.get(Math.floorMod(turn++, servers.size()));
        try {
            Topology known = map == null ? server.api().topology(new TopologyRequest(0, 0)).get(10, TimeUnit.SECONDS) : map;
            map = known;
            Optional<Topology.Range> range = known.ranges().stream().filter(each -> each.keys().contains(key)).findFirst();
            Optional<A> answer = range.isPresent() ? Optional.ofNullable(attempt.at(server, range.get())) : Optional.empty();
            if (answer.isPresent()) {
                return answer;
            }
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            lastRefusal = e;
        }
        map = turn % 3 == 0 ? null : map; // a router looks anew now and then
        return Optional.empty();
    }
}
