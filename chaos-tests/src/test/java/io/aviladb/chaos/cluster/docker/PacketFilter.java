package io.aviladb.chaos.cluster.docker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Drops packets in containers' network namespaces, from outside: the image needs neither tool nor capability. Needs root on Linux. */
final class PacketFilter {
    private static final String CHAIN = "AVILA_CUT";
    private static final long LONGEST_SECONDS = 20;

    private PacketFilter() {
    }

    /** Nothing reaches one side from the other any more. */
    static void cut(List<NodeContainer> one, List<NodeContainer> other) throws IOException {
        for (NodeContainer node : one) {
            drop(node, other);
        }
        for (NodeContainer node : other) {
            drop(node, one);
        }
    }

    private static void drop(NodeContainer node, List<NodeContainer> from) throws IOException {
        inside(node, "-N", CHAIN);
        for (NodeContainer peer : from) {
            inside(node, "-A", CHAIN, "-s", peer.address(), "-j", "DROP");
        }
        inside(node, "-I", "INPUT", "-j", CHAIN);
    }

    /** @return how many packets the cut has dropped: it had an effect only where that is more than none */
    static long heal(List<NodeContainer> nodes) throws IOException {
        long dropped = 0;
        for (NodeContainer node : nodes) {
            dropped += inside(node, "-nvxL", CHAIN).lines().map(String::strip).filter(line -> line.contains(" DROP "))
                    .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf(' ')))).sum();
            inside(node, "-D", "INPUT", "-j", CHAIN);
            inside(node, "-F", CHAIN);
            inside(node, "-X", CHAIN);
        }
        return dropped;
    }

    private static String inside(NodeContainer node, String... rule) throws IOException {
        List<String> command = new ArrayList<>(List.of("nsenter", "-t", Long.toString(node.processId()), "-n", "iptables", "-w"));
        command.addAll(Arrays.asList(rule));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + output);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
        return output;
    }
}
