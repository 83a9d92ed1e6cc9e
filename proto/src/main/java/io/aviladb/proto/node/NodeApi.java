package io.aviladb.proto.node;

import java.util.concurrent.CompletableFuture;

/**
 * What a node does for routers and other nodes. Futures fail with {@link NodeRefusal} for what the protocol expects, and with anything else
 * where the node could not be reached: then a write may have been applied.
 */
public interface NodeApi {
    /** This, for calls that belong to a caller's trace. @param traceparent as W3C Trace Context writes it; empty: none */
    default NodeApi traced(String traceparent) {
        return this;
    }

    /** Proposes units to the group's log. The leader answers each unit; a unit's refusal is an answer. */
    CompletableFuture<WriteReply> write(WriteRequest request);

    CompletableFuture<ReadReply> read(ReadRequest request);

    CompletableFuture<ScanReply> scan(ScanRequest request);

    /** Versions and records of conflicts. */
    CompletableFuture<HistoryReply> history(HistoryRequest request);

    /** Changes the catalog; only its leader does. */
    CompletableFuture<DefineReply> define(DefineRequest request);

    /** Splits, merges and measures ranges; the leader that the request names does. */
    CompletableFuture<RangeReply> ranges(RangeRequest request);

    /** Has nodes come and go; whom the request names does. */
    CompletableFuture<MemberReply> members(MemberRequest request);

    /** What this node knows of the cluster; waits for something newer than what the caller knows, up to a time. */
    CompletableFuture<Topology> topology(TopologyRequest request);

    CompletableFuture<NodeStatus> status(StatusRequest request);

    /** What the group has of other regions, and which of the own region's writes they may lack; its leader tells. */
    CompletableFuture<UnconfirmedReply> unconfirmed(UnconfirmedRequest request);

    /** The highest Raft term that the node's replica of the group has heard of. */
    CompletableFuture<TermReply> currentTerm(TermRequest request);

    /** Asks to be part of a cluster that is being formed. */
    CompletableFuture<JoinReply> join(JoinRequest request);

    /** Replaces the faults and distances that the node plays. Refused where fault injection is off. */
    CompletableFuture<FaultSet> setFaults(FaultSet faults);

    /** Opens a stream of frames: a link's feed, or a snapshot's files. */
    NodeStream open(StreamRequest request, NodeStream.Receiver receiver);
}
