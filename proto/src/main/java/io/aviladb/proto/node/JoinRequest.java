package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.NodeId;

/** A node that has no data yet asks to be part of a cluster that is being formed. Asking again changes nothing. */
public record JoinRequest(String cluster, NodeId node, String rpcAddress, String raftAddress, String endpoint) {
    void write(ByteWriter out) {
        out.writeString(cluster).writeString(node.toString()).writeString(rpcAddress).writeString(raftAddress).writeString(endpoint);
    }

    static JoinRequest read(ByteReader in) {
        return new JoinRequest(in.readString(), NodeId.parse(in.readString()), in.readString(), in.readString(), in.readString());
    }
}
