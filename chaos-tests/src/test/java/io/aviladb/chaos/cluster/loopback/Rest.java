package io.aviladb.chaos.cluster.loopback;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A router's REST interface as any HTTP client sees it. Every call ends in time: {@code HttpRequest.timeout} covers the headers only, so the
 * whole exchange is bounded here. Safe for several threads.
 */
public final class Rest {
    public static final Duration LONGEST_CALL = Duration.ofSeconds(45);
    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();

    /** What came back. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Answer(int status, HttpHeaders headers, byte[] body) {
        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public JsonObject json() {
            return (JsonObject) JsonParser.parse(body);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }

        /** A member that is a string. */
        public String string(String member) {
            return json().getOrNull(member) instanceof JsonString text ? text.value() : "";
        }

        public JsonValue value(String member) {
            return Objects.requireNonNull(json().getOrNull(member), () -> "no " + member + " in " + text());
        }

        public Answer expect(int expected) {
            assertThat(status).as("status, with the body %s", text()).isEqualTo(expected);
            return this;
        }

        /** An error as RFC 9457 has it, with a code, a message and a hint that names the fix. */
        public void expectProblem(int expected, String code) {
            expect(expected);
            assertThat(header("content-type")).startsWith("application/problem+json");
            assertThat(string("code")).as("code in %s", text()).isEqualTo(code);
            assertThat(string("message")).isNotEmpty();
            assertThat(string("hint")).isNotEmpty();
            assertThat(json().members()).containsKeys("retryable", "requestId");
        }
    }

    private final String endpoint;

    /** @param endpoint such as {@code http://127.0.0.1:8000} */
    public Rest(String endpoint) {
        this.endpoint = endpoint;
    }

    public String endpoint() {
        return endpoint;
    }

    public Answer get(String path) {
        return call("GET", path, new byte[0], Map.of());
    }

    public Answer post(String path, String body) {
        return call("POST", path, body.getBytes(StandardCharsets.UTF_8), Map.of());
    }

    public Answer call(String method, String path, String body, Map<String, String> headers) {
        return call(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
    }

    /** @throws AssertionError where no answer comes in time */
    public Answer call(String method, String path, byte[] body, Map<String, String> headers) {
        try {
            return tryCall(method, path, body, headers, LONGEST_CALL);
        } catch (IOException e) {
            throw new AssertionError(method + " " + endpoint + path + " was not answered", e);
        }
    }

    /** @throws IOException where no answer comes in time: the request may have been applied */
    public Answer tryCall(String method, String path, byte[] body, Map<String, String> headers, Duration longest) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(endpoint + path)).timeout(longest).method(method,
                body.length == 0 ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofByteArray(body));
        if (body.length > 0 && !headers.containsKey("content-type")) {
            request.header("content-type", "application/json");
        }
        headers.forEach(request::header);
        var exchange = HTTP.sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        try {
            HttpResponse<byte[]> response = exchange.get(longest.toMillis() + 1_000, TimeUnit.MILLISECONDS);
            return new Answer(response.statusCode(), response.headers(), response.body());
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        } catch (TimeoutException e) {
            exchange.cancel(true);
            throw new IOException("no answer within " + longest, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    public static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
