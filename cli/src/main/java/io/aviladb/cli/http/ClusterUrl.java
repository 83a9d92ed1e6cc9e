package io.aviladb.cli.http;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.config.NearestName;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where a cluster is: {@code aviladb://host[:8000][,host2…]/[database]?option=value}; {@code http://} and {@code https://} are taken too.
 *
 * @param endpoints base URIs, tried in this order
 * @param database empty where the URL names none
 */
public record ClusterUrl(List<URI> endpoints, String database, Map<String, String> options) {
    public static final String DEFAULT = "aviladb://localhost:8000";
    private static final int DEFAULT_PORT = 8_000;
    private static final List<String> OPTIONS = List.of("region", "consistency", "hedge-after", "tls", "timeout");

    public ClusterUrl {
        endpoints = List.copyOf(endpoints);
        options = Map.copyOf(options);
    }

    /** @throws CommandFailure a usage error where the text is no such URL */
    public static ClusterUrl parse(String text) {
        int scheme = text.indexOf("://");
        if (scheme < 0) {
            throw refused(text, "Write aviladb://host:port.");
        }
        boolean https = switch (text.substring(0, scheme)) {
            case "aviladb", "http" -> false;
            case "https" -> true;
            case "aviladb+srv" -> throw refused(text, "Look-up by DNS service records is not there yet: name the hosts.");
            default -> throw refused(text, "The scheme is aviladb, http or https.");
        };
        String rest = text.substring(scheme + 3);
        int question = rest.indexOf('?');
        Map<String, String> options = options(text, question < 0 ? "" : rest.substring(question + 1));
        rest = question < 0 ? rest : rest.substring(0, question);
        int slash = rest.indexOf('/');
        String database = slash < 0 ? "" : rest.substring(slash + 1);
        String hosts = slash < 0 ? rest : rest.substring(0, slash);
        if (hosts.indexOf('@') >= 0) {
            throw CommandFailure.usage("credentials in the URL are not taken yet", "Leave user and secret out of the URL.");
        }
        boolean tls = https || "true".equals(options.get("tls"));
        List<URI> endpoints = new ArrayList<>();
        for (String host : hosts.split(",", -1)) {
            endpoints.add(endpoint(text, host, tls));
        }
        return new ClusterUrl(endpoints, database, options);
    }

    private static URI endpoint(String text, String host, boolean tls) {
        boolean hasPort = host.lastIndexOf(':') > host.lastIndexOf(']');
        try {
            URI uri = URI.create((tls ? "https://" : "http://") + host + (hasPort ? "" : ":" + DEFAULT_PORT));
            if (uri.getHost() == null || uri.getPort() < 1 || uri.getPort() > 65_535) {
                throw refused(text, "A host is a name or an address, with a port of 1 to 65535.");
            }
            return uri;
        } catch (IllegalArgumentException e) {
            throw refused(text, "A host is a name or an address, with a port of 1 to 65535.");
        }
    }

    private static Map<String, String> options(String text, String query) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals < 1) {
                throw refused(text, "Options are written name=value.");
            }
            String name = pair.substring(0, equals);
            if (!OPTIONS.contains(name)) {
                throw CommandFailure.usage("the URL has an unknown option '" + name + "'", NearestName.didYouMean(name, OPTIONS));
            }
            options.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return options;
    }

    private static CommandFailure refused(String text, String hint) {
        return CommandFailure.usage("'" + text + "' is not a cluster's URL", hint);
    }
}
