package io.aviladb.node.consensus.ratis;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.consensus.GroupDescriptor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SetConfigurationRequest;
import org.apache.ratis.server.RaftConfiguration;
import org.apache.ratis.server.RaftServer;

/**
 * A group's voters by Raft's own configuration, and how they change: one comes or one goes, compared with what was there before. Ratis has a newcomer
 * catch up before the change is written to the log.
 */
final class Configuration {
    private Configuration() {
    }

    static TermConfirmation.Voters voters(RaftServer.Division division) {
        RaftConfiguration now = division.getRaftConf();
        return new TermConfirmation.Voters(nodes(now.getCurrentPeers()), nodes(now.getPreviousPeers()));
    }

    private static Set<NodeId> nodes(Collection<RaftPeer> peers) {
        return peers.stream().map(peer -> RatisNames.node(peer.getId().toString())).collect(Collectors.toSet());
    }

    /**
     * Blocks until the voters are these, by a configuration that is committed.
     *
     * @throws IllegalArgumentException where more than one comes or goes
     * @throws IOException where that may not be so: this replica doesn't lead, another change is under way, or a newcomer is silent
     */
    static void change(RaftServer server, RaftServer.Division division, ClientId client, long call,
            List<GroupDescriptor.Member> voters) throws IOException {
        RaftConfiguration now = division.getRaftConf();
        List<RaftPeer> before = List.copyOf(now.getCurrentPeers());
        Set<RaftPeerId> wanted = voters.stream().map(voter -> RatisNames.peer(voter.node())).collect(Collectors.toSet());
        Set<RaftPeerId> present = before.stream().map(RaftPeer::getId).collect(Collectors.toSet());
        Set<RaftPeerId> differ = new HashSet<>(wanted);
        differ.removeAll(present);
        long leaving = present.stream().filter(peer -> !wanted.contains(peer)).count();
        // One at a time: a majority before and a majority after always meet.
        if (wanted.isEmpty() || differ.size() + leaving > 1) {
            throw new IllegalArgumentException("a configuration changes by one voter at a time: " + present + " to " + wanted);
        }
        if (differ.size() + leaving == 0 && now.getPreviousPeers().isEmpty()
                && now.getLogEntryIndex() <= division.getRaftLog().getLastCommittedIndex()) {
            return;
        }
        List<RaftPeer> after = new ArrayList<>();
        for (GroupDescriptor.Member voter : voters) {
            RaftPeerId id = RatisNames.peer(voter.node());
            Optional<RaftPeer> known = before.stream().filter(peer -> peer.getId().equals(id)).findFirst();
            after.add(known.orElseGet(() -> RaftPeer.newBuilder().setId(id).setAddress(voter.raftAddress()).build()));
        }
        List<RaftPeer> listeners = List.copyOf(now.getAllPeers(RaftPeerRole.LISTENER));
        SetConfigurationRequest.Arguments arguments = SetConfigurationRequest.Arguments.newBuilder()
                .setMode(SetConfigurationRequest.Mode.COMPARE_AND_SET).setServersInCurrentConf(before)
                .setListenersInCurrentConf(listeners).setServersInNewConf(after).setListenersInNewConf(listeners).build();
        RaftClientReply reply = server
                .setConfiguration(new SetConfigurationRequest(client, server.getId(), division.getGroup().getGroupId(), call, arguments));
        if (!reply.isSuccess()) {
            IOException refused = reply.getException();
            throw refused == null ? new IOException("the change of members was refused") : refused;
        }
    }
}
