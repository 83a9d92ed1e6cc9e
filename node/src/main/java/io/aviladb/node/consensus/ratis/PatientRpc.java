package io.aviladb.node.consensus.ratis;

import org.apache.ratis.conf.Parameters;
import org.apache.ratis.grpc.GrpcFactory;
import org.apache.ratis.grpc.server.GrpcLogAppender;
import org.apache.ratis.rpc.RpcFactory;
import org.apache.ratis.rpc.RpcType;
import org.apache.ratis.rpc.SupportedRpcType;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.leader.FollowerInfo;
import org.apache.ratis.server.leader.LeaderState;
import org.apache.ratis.server.leader.LogAppender;

/**
 * Ratis' gRPC, with a leader that is patient with followers that don't answer. Ratis' own sender spins, at the cost of a core for each
 * group and follower, for as long as it has no stream, nothing to send and no heartbeat due, which is most of the first minute after a
 * follower has died. Named by its class in the settings, which is how Ratis makes it.
 */
public final class PatientRpc implements RpcType {
    @Override
    public String name() {
        return SupportedRpcType.GRPC.name();
    }

    @Override
    public RpcFactory newFactory(Parameters parameters) {
        return new GrpcFactory(parameters) {
            @Override
            public LogAppender newLogAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
                return new PatientAppender(server, state, follower);
            }
        };
    }

    private static final class PatientAppender extends GrpcLogAppender {
        PatientAppender(RaftServer.Division server, LeaderState state, FollowerInfo follower) {
            super(server, state, follower);
        }

        /** Entries go out at once, where there are any. A new entry ends the wait in any case. */
        @Override
        public long getWaitTimeMs() {
            return hasAppendEntries() ? super.getWaitTimeMs() : getHeartbeatWaitTimeMs();
        }
    }
}
