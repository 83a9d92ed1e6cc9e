package io.aviladb.chaos.cluster.loopback;

import static org.awaitility.Awaitility.await;

import io.aviladb.core.document.JsonBoolean;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Clients that write through every region's router until they are told to stop: each inserts documents of its own, and increments a counter
 * that all share. A write without an answer, or with a retryable one, is sent again under the same idempotency key until its fate is known.
 */
public final class Writers implements AutoCloseable {
    public static final String SHARED = "shared";
    private static final Duration LONGEST_TRY = Duration.ofSeconds(10);
    private static final Duration LONGEST_JOIN = Duration.ofSeconds(60);
    private static final long PAUSE_MILLIS = 20;

    private final Duration patience;
    private final Duration pace;
    private final AtomicBoolean stopping = new AtomicBoolean();
    private final List<Thread> threads = new ArrayList<>();
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();
    private final Map<String, AtomicInteger> byRegion = new ConcurrentHashMap<>();
    private final AtomicInteger increments = new AtomicInteger();
    private final Queue<String> refusals = new ConcurrentLinkedQueue<>();
    private final Queue<String> unknown = new ConcurrentLinkedQueue<>();

    private Writers(Duration patience, Duration pace) {
        this.patience = patience;
        this.pace = pace;
    }

    /**
     * @param perRegion threads in each region
     * @param patience how long one write is tried
     */
    public static Writers start(List<CollectionRest> regions, int perRegion, Duration patience) {
        return start(regions, perRegion, patience, Duration.ZERO);
    }

    /** @param pace between two writes of a thread: leaves something of the machine to what is tested */
    public static Writers start(List<CollectionRest> regions, int perRegion, Duration patience, Duration pace) {
        Writers writers = new Writers(patience, pace);
        for (CollectionRest region : regions) {
            for (int n = 0; n < perRegion; n++) {
                String name = "w" + regions.indexOf(region) + "-" + n;
                writers.threads.add(Thread.ofPlatform().daemon().name(name).start(() -> writers.run(region, name)));
            }
        }
        return writers;
    }

    private void run(CollectionRest region, String name) {
        for (int n = 0; !stopping.get(); n++) {
            String id = name + "-" + n;
            if (write(region, "POST", region.documents(), "{\"id\":\"" + id + "\",\"userId\":\"" + id + "\",\"writer\":\"" + name
                    + "\",\"n\":" + n + "}", id)) {
                acknowledged.add(id);
                counter(region).incrementAndGet();
            }
            if (n % 4 == 0 && write(region, "PATCH", region.document(SHARED),
                    "{\"ops\":[{\"op\":\"inc\",\"path\":\"/wins\",\"value\":1}]}", id + "-inc")) {
                increments.incrementAndGet();
            }
            LockSupport.parkNanos(pace.toNanos());
        }
    }

    /** @return whether it was acknowledged */
    private boolean write(CollectionRest region, String method, String path, String body, String key) {
        Map<String, String> headers = Map.of("idempotency-key", "\"" + key + "\"", "x-aviladb-timeout", "5000");
        long deadline = System.nanoTime() + patience.toNanos();
        String last = "";
        while (System.nanoTime() < deadline) {
            try {
                Rest.Answer answer = region.rest().tryCall(method, path, body.getBytes(StandardCharsets.UTF_8), headers, LONGEST_TRY);
                if (answer.status() < 300) {
                    return true;
                }
                last = answer.status() + " " + answer.text();
                if (!JsonBoolean.TRUE.equals(answer.json().getOrNull("retryable"))) {
                    refusals.add(method + " " + path + ": " + last);
                    return false;
                }
            } catch (IOException e) {
                last = String.valueOf(e.getMessage());
            }
            pause();
        }
        unknown.add(method + " " + path + ": " + last);
        return false;
    }

    /** A client's pause before it tries again. */
    private static void pause() {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS));
    }

    private AtomicInteger counter(CollectionRest region) {
        return byRegion.computeIfAbsent(region.rest().endpoint(), endpoint -> new AtomicInteger());
    }

    /** How many inserts this region has acknowledged so far. */
    public int acknowledgedIn(CollectionRest region) {
        return counter(region).get();
    }

    public int acknowledgedCount() {
        return acknowledged.size();
    }

    /** Waits until every region has acknowledged so many more inserts. */
    public void awaitProgress(List<CollectionRest> regions, int more, Duration longest) {
        List<Integer> before = regions.stream().map(this::acknowledgedIn).toList();
        await().atMost(longest).until(() -> {
            for (int k = 0; k < regions.size(); k++) {
                if (acknowledgedIn(regions.get(k)) < before.get(k) + more) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Ids of the documents whose insert was acknowledged. */
    public Set<String> acknowledged() {
        return Set.copyOf(acknowledged);
    }

    public int increments() {
        return increments.get();
    }

    /** Answers that say that the same request can't succeed: there is no reason for any. */
    public List<String> refusals() {
        return List.copyOf(refusals);
    }

    /** Writes whose fate was not known when patience ended. */
    public List<String> unknown() {
        return List.copyOf(unknown);
    }

    /** Ends all writers once the write in hand is settled. */
    public void stop() {
        stopping.set(true);
        for (Thread thread : threads) {
            try {
                if (!thread.join(patience.plus(LONGEST_JOIN))) {
                    throw new AssertionError(thread.getName() + " doesn't end");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    @Override
    public void close() {
        stopping.set(true);
    }
}
