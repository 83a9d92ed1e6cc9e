package io.aviladb.client.option;

import io.aviladb.core.region.RegionId;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster is found: {@code aviladb://[user[:secret]@]host[:8000][,host2…]/[database]?option=value}.
 *
 * @param hosts in the order in which they are tried; at least one
 * @param secret never printed
 * @param region hosts of this region are preferred
 * @param requests what the options say of requests
 */
public record AvilaUrl(List<HostPort> hosts, Optional<String> user, Optional<String> secret, Optional<String> database,
        Optional<RegionId> region, RequestOptions requests) {
    public static final String DEFAULT = "aviladb://localhost:8000";
    public static final String ENVIRONMENT_VARIABLE = "AVILADB_URL";
    private static final String SCHEME = "aviladb://";

    public AvilaUrl {
        hosts = List.copyOf(hosts);
        if (hosts.isEmpty()) {
            throw new IllegalArgumentException("a URL names at least one host, as in " + DEFAULT);
        }
    }

    /** The URL of the environment, else the default. */
    public static AvilaUrl ofEnvironment() {
        return ofEnvironment(System.getenv(ENVIRONMENT_VARIABLE));
    }

    static AvilaUrl ofEnvironment(@Nullable String variable) {
        return parse(variable == null || variable.isBlank() ? DEFAULT : variable.strip());
    }

    /** @throws IllegalArgumentException that says what is wrong, without the secret */
    public static AvilaUrl parse(String url) {
        if (!url.startsWith(SCHEME)) {
            throw new IllegalArgumentException("a URL begins with aviladb://, as in " + DEFAULT);
        }
        String rest = url.substring(SCHEME.length());
        int question = rest.indexOf('?');
        UrlOptions options = UrlOptions.parse(question < 0 ? "" : rest.substring(question + 1));
        String path = question < 0 ? rest : rest.substring(0, question);
        int slash = path.indexOf('/');
        String authority = slash < 0 ? path : path.substring(0, slash);
        Optional<String> database = Optional.of(slash < 0 ? "" : path.substring(slash + 1)).filter(name -> !name.isEmpty());
        int at = authority.lastIndexOf('@');
        String credentials = at < 0 ? "" : authority.substring(0, at);
        int colon = credentials.indexOf(':');
        return new AvilaUrl(Arrays.stream(authority.substring(at + 1).split(",", -1)).map(HostPort::parse).toList(),
                part(colon < 0 ? credentials : credentials.substring(0, colon)), part(colon < 0 ? "" : credentials.substring(colon + 1)),
                database, options.region(), options.requests());
    }

    private static Optional<String> part(String encoded) {
        return encoded.isEmpty() ? Optional.empty() : Optional.of(URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8));
    }

    /** Without the secret. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(SCHEME);
        user.ifPresent(name -> text.append(name).append(secret.isPresent() ? ":***@" : "@"));
        text.append(String.join(",", hosts.stream().map(HostPort::toString).toList())).append('/');
        database.ifPresent(text::append);
        return text.append(UrlOptions.toQuery(region, requests)).toString();
    }
}
