package io.aviladb.cli.http;

import io.aviladb.cli.CommandFailure;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends requests to a cluster's routers: the first endpoint that takes a connection. Safe for several threads. */
public final class ApiClient implements AutoCloseable {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);
    private static final long GRACE_MILLIS = 10_000; // the server answers 503 or 504 itself; only a dead one needs more

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT_TIMEOUT).build();
    private final ClusterUrl url;
    private final Duration timeout;
    private volatile int current;

    public ApiClient(ClusterUrl url) {
        this.url = url;
        this.timeout = url.options().containsKey("timeout") ? duration(url.options().get("timeout")) : DEFAULT_TIMEOUT;
    }

    private static Duration duration(@Nullable String text) {
        try {
            String value = String.valueOf(text);
            return value.endsWith("ms")
                    ? Duration.ofMillis(Long.parseLong(value.substring(0, value.length() - 2)))
                    : Duration.ofSeconds(Long.parseLong(value.endsWith("s") ? value.substring(0, value.length() - 1) : value));
        } catch (NumberFormatException e) {
            throw CommandFailure.usage("the URL's timeout '" + text + "' is no duration", "Write 500ms or 30s.");
        }
    }

    /** One step of a path, so that any id can be one. */
    public static String step(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    public ApiAnswer get(String path) {
        return call("GET", path, null, Map.of());
    }

    public ApiAnswer post(String path, JsonValue body) {
        return call("POST", path, body.toJsonBytes(), Map.of());
    }

    /** @throws CommandFailure where no endpoint answers */
    public ApiAnswer call(String method, String path, byte @Nullable [] body, Map<String, String> headers) {
        try {
            return callAsync(method, path, body, headers).get(timeout.toMillis() + GRACE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw unreachable(e.getCause());
        } catch (TimeoutException e) {
            throw CommandFailure.unavailable("no answer within " + timeout.toSeconds() + " s from " + url.endpoints().get(current),
                    "Try again, or ask another region.");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.failed("interrupted", "");
        }
    }

    /** Fails with {@link CommandFailure} where no endpoint answers. A request that may have arrived is not sent to another endpoint. */
    public CompletableFuture<ApiAnswer> callAsync(String method, String path, byte @Nullable [] body, Map<String, String> headers) {
        return attempt(method, path, body, headers, 0)
                .exceptionallyCompose(failure -> CompletableFuture.failedFuture(unreachable(failure)));
    }

    private CompletableFuture<ApiAnswer> attempt(String method, String path, byte @Nullable [] body, Map<String, String> headers,
            int tried) {
        List<URI> endpoints = url.endpoints();
        int index = (current + tried) % endpoints.size();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoints.get(index) + path))
                .timeout(timeout.plusMillis(GRACE_MILLIS))
                .method(method, body == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body))
                .header("Accept", "application/json").header("X-AvilaDB-Timeout", Long.toString(timeout.toMillis()));
        if (body != null && !headers.containsKey("Content-Type")) {
            request.header("Content-Type", "application/json");
        }
        String consistency = url.options().get("consistency");
        if (consistency != null && !headers.containsKey("X-AvilaDB-Consistency")) {
            request.header("X-AvilaDB-Consistency", consistency);
        }
        headers.forEach(request::header);
        return http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray()).thenApply(response -> {
            current = index;
            return new ApiAnswer(response.statusCode(), response.headers(), response.body());
        }).exceptionallyCompose(failure -> unwrap(failure) instanceof java.net.ConnectException && tried + 1 < endpoints.size()
                ? attempt(method, path, body, headers, tried + 1)
                : CompletableFuture.failedFuture(failure));
    }

    private CommandFailure unreachable(@Nullable Throwable failure) {
        Throwable cause = unwrap(failure);
        if (cause instanceof CommandFailure known) {
            return known;
        }
        List<String> hosts = new ArrayList<>();
        url.endpoints().forEach(endpoint -> hosts.add(endpoint.getAuthority()));
        String what = cause instanceof IOException && cause.getMessage() != null ? ": " + cause.getMessage() : "";
        return CommandFailure.unavailable("no router answers at " + String.join(", ", hosts) + what,
                "Start one with 'aviladb dev', or name yours with --url or AVILADB_URL.");
    }

    private static @Nullable Throwable unwrap(@Nullable Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof CompletionException || cause instanceof ExecutionException) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }
}
