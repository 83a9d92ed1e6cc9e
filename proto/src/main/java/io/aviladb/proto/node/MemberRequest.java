package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import java.util.List;

/** What a region's controller, a group's leader or a node is asked to do where nodes come and go, see {@code docs/protocols/members.md}. */
public sealed interface MemberRequest {
    /** To the controller's leader: the node is to be one of the region's. @param token tells this request from any other */
    record Add(NodeId node, String rpcAddress, String raftAddress, String endpoint, long token) implements MemberRequest {}

    /** To the controller's leader: the node is to leave the region. @param token tells this request from any other */
    record Remove(NodeId node, long token) implements MemberRequest {}

    /** To the controller's leader: what has become of an operation; of all that it remembers where the number is 0. */
    record Find(long number) implements MemberRequest {}

    /** To the node that is named: the region's members as the controller has them. */
    record Know(NodeId to, byte[] members) implements MemberRequest {}

    /**
     * To the node that is named: opens its replica of the group, where there is none.
     *
     * @param group as it is placed, the node included
     * @param founded whether the group begins with these replicas; else the node is a newcomer
     */
    record Open(NodeId to, byte[] group, boolean founded) implements MemberRequest {}

    /**
     * To the group's leader: of the region's nodes these are to vote. Takes the next step to that, one node in or one out, and answers whether
     * nothing is left to do.
     */
    record Alter(int group, RegionId region, List<Voter> voters) implements MemberRequest {
        public Alter {
            voters = List.copyOf(voters);
        }
    }

    /** A node, and where its Raft server listens. */
    record Voter(NodeId node, String raftAddress) {
        void write(ByteWriter out) {
            out.writeString(node.toString()).writeString(raftAddress);
        }

        static Voter read(ByteReader in) {
            return new Voter(NodeId.parse(in.readString()), in.readString());
        }
    }

    default void write(ByteWriter out) {
        if (this instanceof Add add) {
            out.writeByte(0).writeString(add.node().toString()).writeString(add.rpcAddress()).writeString(add.raftAddress())
                    .writeString(add.endpoint()).writeLong(add.token());
        } else if (this instanceof Remove remove) {
            out.writeByte(1).writeString(remove.node().toString()).writeLong(remove.token());
        } else if (this instanceof Find find) {
            out.writeByte(2).writeVarLong(find.number());
        } else if (this instanceof Know know) {
            out.writeByte(3).writeString(know.to().toString()).writeBytes(know.members());
        } else if (this instanceof Open open) {
            out.writeByte(4).writeString(open.to().toString()).writeBytes(open.group()).writeBoolean(open.founded());
        } else if (this instanceof Alter alter) {
            Wire.writeList(out.writeByte(5).writeVarInt(alter.group()).writeString(alter.region().name()), alter.voters(), Voter::write);
        }
    }

    static MemberRequest read(ByteReader in) {
        int kind = in.readByte();
        return switch (kind) {
            case 0 -> new Add(NodeId.parse(in.readString()), in.readString(), in.readString(), in.readString(), in.readLong());
            case 1 -> new Remove(NodeId.parse(in.readString()), in.readLong());
            case 2 -> new Find(in.readVarLong());
            case 3 -> new Know(NodeId.parse(in.readString()), in.readBytes());
            case 4 -> new Open(NodeId.parse(in.readString()), in.readBytes(), in.readBoolean());
            case 5 -> new Alter(in.readVarInt(), new RegionId(in.readString()), Wire.readList(in, Voter::read));
            default -> throw new MalformedBytesException("unknown request of members " + kind);
        };
    }
}
