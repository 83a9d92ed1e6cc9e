package io.aviladb.cli.config;

import io.aviladb.cli.CommandFailure;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** An address to listen on. Beyond loopback nothing is encrypted yet: somebody has to say that this is meant. */
final class Listen {
    private Listen() {
    }

    static String checked(String host, boolean insecure) {
        try {
            if (!insecure && !InetAddress.getByName(host).isLoopbackAddress()) {
                throw CommandFailure.usage("listening on " + host + " without TLS would let everybody on the network read and write",
                        "Listen on 127.0.0.1, or start with --insecure in a network that you trust.");
            }
        } catch (UnknownHostException e) {
            throw CommandFailure.usage("'listen.host' is '" + host + "', which is no address of this machine", "Use 127.0.0.1 or 0.0.0.0.");
        }
        return host;
    }

    static void refuseTls(Settings settings) {
        if (!settings.below("tls").isEmpty() || settings.flag("tls", false)) {
            throw CommandFailure.usage("'tls' is not there yet",
                    "Leave it out: listen on loopback, or --insecure in a network that you trust.");
        }
    }
}
