package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.NodeId;
import java.util.List;

/**
 * A node that comes to a region, or leaves it: under way, or over.
 *
 * @param number counts with the region's range operations
 * @param token of the request: the same request sent again is the same operation
 * @param moves what is to be done, in this order
 * @param done how many of the moves are done
 * @param error why it was given up; empty otherwise
 */
public record MemberOperation(long number, long token, Kind kind, RangeOperation.State state, NodeId node, List<Move> moves, int done,
        String error) {
    /** What becomes of the node. */
    public enum Kind {
        ADD, REMOVE
    }

    /**
     * One group's change of members: of the catalog those of the region.
     *
     * @param before empty where the group is founded
     * @param after {@code before}, with at most one node more and at most one less
     */
    public record Move(int group, List<NodeId> before, List<NodeId> after) {
        public Move {
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        void write(ByteWriter out) {
            out.writeVarInt(group);
            writeNodes(out, before);
            writeNodes(out, after);
        }

        static Move read(ByteReader in) {
            return new Move(in.readVarInt(), readNodes(in), readNodes(in));
        }
    }

    public MemberOperation {
        moves = List.copyOf(moves);
        // Invariant: 0 <= done <= moves.
        if (done < 0 || done > moves.size()) {
            throw new IllegalArgumentException(done + " of " + moves.size() + " moves can't be done");
        }
    }

    public boolean isRunning() {
        return state == RangeOperation.State.RUNNING;
    }

    /** From 0 to 1. */
    public double progress() {
        return isRunning() ? (double) done / (moves.size() + 1) : 1;
    }

    /** This, with one move more done. */
    public MemberOperation moved() {
        return new MemberOperation(number, token, kind, state, node, moves, done + 1, error);
    }

    /** This, over. @param why empty where it was done */
    public MemberOperation finished(String why) {
        return new MemberOperation(number, token, kind, why.isEmpty() ? RangeOperation.State.DONE : RangeOperation.State.FAILED, node,
                moves,
                done, why);
    }

    private static void writeNodes(ByteWriter out, List<NodeId> nodes) {
        Wire.writeList(out, nodes, (node, to) -> to.writeString(node.toString()));
    }

    private static List<NodeId> readNodes(ByteReader in) {
        return Wire.readList(in, from -> NodeId.parse(from.readString()));
    }

    public void write(ByteWriter out) {
        out.writeVarLong(number).writeLong(token).writeByte(kind.ordinal()).writeByte(state.ordinal()).writeString(node.toString());
        Wire.writeList(out, moves, Move::write);
        out.writeVarInt(done).writeString(error);
    }

    public static MemberOperation read(ByteReader in) {
        return new MemberOperation(in.readVarLong(), in.readLong(), Kind.values()[in.readByte()],
                RangeOperation.State.values()[in.readByte()],
                NodeId.parse(in.readString()), Wire.readList(in, Move::read), in.readVarInt(), in.readString());
    }
}
