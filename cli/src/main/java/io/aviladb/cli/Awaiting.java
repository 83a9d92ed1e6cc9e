package io.aviladb.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for what nobody announces: a thread of its own looks now and then until it is there. An exception of a look ends the wait. */
public final class Awaiting {
    private static final Duration FOREVER = Duration.ofDays(365);

    private Awaiting() {
    }

    /** What is there at last. @param between a look and the next */
    public static <T> T present(Duration between, Supplier<Optional<T>> look) throws InterruptedException {
        return present(between, FOREVER, look).orElseThrow();
    }

    /** Returns once it holds. @param between a look and the next */
    public static void holds(Duration between, BooleanSupplier look) throws InterruptedException {
        holds(between, FOREVER, look);
    }

    /**
     * Whether it holds at last.
     *
     * @param between a look and the next
     * @param atMost after this time: false
     */
    public static boolean holds(Duration between, Duration atMost, BooleanSupplier look) throws InterruptedException {
        return present(between, atMost, () -> look.getAsBoolean() ? Optional.of(true) : Optional.empty()).isPresent();
    }

    private static <T> Optional<T> present(Duration between, Duration atMost, Supplier<Optional<T>> look) throws InterruptedException {
        Optional<T> now = look.get();
        if (now.isPresent()) {
            return now;
        }
        CompletableFuture<T> found = new CompletableFuture<>();
        ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("awaiting").factory());
        try {
            var unused = looks.scheduleWithFixedDelay(() -> {
                try {
                    look.get().ifPresent(found::complete);
                } catch (RuntimeException | Error e) {
                    found.completeExceptionally(e);
                }
            }, between.toNanos(), between.toNanos(), TimeUnit.NANOSECONDS);
            return Optional.of(found.get(atMost.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return Optional.empty();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException ofTheLook) {
                throw ofTheLook;
            }
            throw new IllegalStateException("a look failed", e.getCause());
        } finally {
            looks.shutdownNow();
        }
    }
}
