package org.apache.ratis.server.impl;

import org.apache.ratis.server.RaftServer;

/**
 * Keeps one replica from standing for election, before it runs. Ratis offers this by a request that a replica takes only once it runs, when it may
 * have stood already; the switch itself is in this package.
 */
public final class ElectionPause {
    private ElectionPause() {
    }

    /** From now on it follows, or waits; until it is started anew. */
    public static void pause(RaftServer.Division division) {
        ((RaftServerImpl) division).getRole().setLeaderElectionPause(true);
    }
}
