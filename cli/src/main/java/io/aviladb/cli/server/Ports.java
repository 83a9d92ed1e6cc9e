package io.aviladb.cli.server;

import io.aviladb.cli.CommandFailure;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.SplittableRandom;

/** Finds free ports below those that systems give to outgoing connections: a port found free stays free until it is used, most likely. */
public final class Ports {
    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 31_000;
    private static final int TRIES = 500;

    private final SplittableRandom random = new SplittableRandom(System.nanoTime() ^ ProcessHandle.current().pid() << 32);
    private final java.util.Set<Integer> given = new java.util.HashSet<>();

    /** The first of so many free ports in a row. */
    public int free(int inARow) {
        for (int i = 0; i < TRIES; i++) {
            int first = random.nextInt(LOWEST, HIGHEST - inARow);
            boolean free = true;
            for (int port = first; free && port < first + inARow; port++) {
                free = !given.contains(port) && isFree(port);
            }
            if (free) {
                for (int port = first; port < first + inARow; port++) {
                    given.add(port);
                }
                return first;
            }
        }
        throw CommandFailure.failed("no " + inARow + " free ports in a row between " + LOWEST + " and " + HIGHEST, "");
    }

    public static boolean isFree(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // a connection that lingers from before doesn't count
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException taken) {
            return false;
        }
    }
}
