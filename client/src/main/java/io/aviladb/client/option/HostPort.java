package io.aviladb.client.option;

/** Where a server listens. */
public record HostPort(String host, int port) {
    public static final int DEFAULT_PORT = 8000;

    public HostPort {
        if (host.isEmpty()) {
            throw new IllegalArgumentException("a host is missing, as in aviladb://localhost:8000");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("a port is 1 to 65535, not " + port);
        }
    }

    /** {@code host}, {@code host:port}, {@code [::1]} or {@code [::1]:port}. @throws IllegalArgumentException */
    static HostPort parse(String text) {
        int colon = text.startsWith("[") ? text.indexOf(':', Math.max(0, text.indexOf(']'))) : text.indexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        return new HostPort(host, colon < 0 ? DEFAULT_PORT : port(text.substring(colon + 1)));
    }

    private static int port(String digits) {
        try {
            return Integer.parseInt(digits);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("a port is a number, and '" + digits + "' is not", notANumber);
        }
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
