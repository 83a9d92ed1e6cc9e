package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.region.NodeId;
import java.util.Optional;

/** A node doesn't serve the request: nothing was done. With {@link ErrorCode#NO_LEADER} it says who leads, where it knows. */
public final class NodeRefusal extends RuntimeException {
    private final ErrorCode code;
    private final long retryAfterMillis;
    private final Optional<NodeId> leader;

    public NodeRefusal(ErrorCode code, String detail, long retryAfterMillis, Optional<NodeId> leader) {
        super(detail, null, false, false);
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
        this.leader = leader;
    }

    public static NodeRefusal of(ErrorCode code, String detail) {
        return new NodeRefusal(code, detail, code.retryable() ? 100 : 0, Optional.empty());
    }

    public static NodeRefusal notLeader(int group, Optional<NodeId> leader) {
        return new NodeRefusal(ErrorCode.NO_LEADER, "this node doesn't lead group " + group, 100, leader);
    }

    public static NodeRefusal of(AvilaError error) {
        return new NodeRefusal(error.code(), error.detail(), error.retryAfterMillis(), Optional.empty());
    }

    public ErrorCode code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public Optional<NodeId> leader() {
        return leader;
    }

    public AvilaError toError() {
        return new AvilaError(code, detail(), retryAfterMillis);
    }

    byte[] encode() {
        return new ByteWriter().writeVarInt(code.number()).writeString(detail()).writeVarLong(retryAfterMillis)
                .writeString(leader.map(NodeId::toString).orElse("")).toByteArray();
    }

    static NodeRefusal decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        ErrorCode code = ErrorCode.ofNumber(in.readVarInt()).orElse(ErrorCode.INTERNAL);
        String detail = in.readString();
        long retryAfter = in.readVarLong();
        String leader = in.readString();
        return new NodeRefusal(code, detail, retryAfter, leader.isEmpty() ? Optional.empty() : Optional.of(NodeId.parse(leader)));
    }
}
