package io.aviladb.node.consensus.ratis;

import java.util.Arrays;

/**
 * Ratis registers a replica before it has started it. A message of a peer in between makes it a follower, and then its start, which makes it one too,
 * fails. Nothing is wrong with it: started again, it starts.
 */
final class StartRace {
    private static final String ROLE = "org.apache.ratis.server.impl.RoleInfo";

    private StartRace() {
    }

    static boolean isOne(Throwable thrown) {
        for (Throwable t = thrown; t != null; t = t.getCause()) {
            if (t instanceof IllegalStateException
                    && Arrays.stream(t.getStackTrace()).limit(4).anyMatch(frame -> frame.getClassName().equals(ROLE))) {
                return true;
            }
        }
        return false;
    }
}
