package io.aviladb.proto.node;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** The methods of {@link NodeApi} over gRPC. Messages are the records' own bytes: documents pass through without another encoding. */
public final class NodeRpc {
    static final String SERVICE = "aviladb.internal.Node";
    /** A batch of 16 MB and what is around it. */
    public static final int MAX_MESSAGE_BYTES = 24 << 20;

    static final Metadata.Key<byte[]> REFUSAL = Metadata.Key.of("aviladb-refusal-bin", Metadata.BINARY_BYTE_MARSHALLER);

    static final MethodDescriptor<WriteRequest, WriteReply> WRITE = unary("Write", WriteRequest::write, WriteRequest::read,
            WriteReply::write, WriteReply::read);
    static final MethodDescriptor<ReadRequest, ReadReply> READ = unary("Read", ReadRequest::write, ReadRequest::read, ReadReply::write,
            ReadReply::read);
    static final MethodDescriptor<ScanRequest, ScanReply> SCAN = unary("Scan", ScanRequest::write, ScanRequest::read, ScanReply::write,
            ScanReply::read);
    static final MethodDescriptor<HistoryRequest, HistoryReply> HISTORY = unary("History", HistoryRequest::write, HistoryRequest::read,
            HistoryReply::write, HistoryReply::read);
    static final MethodDescriptor<DefineRequest, DefineReply> DEFINE = unary("Define", DefineRequest::write, DefineRequest::read,
            DefineReply::write,
            DefineReply::read);
    static final MethodDescriptor<RangeRequest, RangeReply> RANGES = unary("Ranges", RangeRequest::write, RangeRequest::read,
            RangeReply::write, RangeReply::read);
    static final MethodDescriptor<MemberRequest, MemberReply> MEMBERS = unary("Members", MemberRequest::write, MemberRequest::read,
            MemberReply::write, MemberReply::read);
    static final MethodDescriptor<TopologyRequest, Topology> TOPOLOGY = unary("Topology", TopologyRequest::write, TopologyRequest::read,
            Topology::write,
            Topology::read);
    static final MethodDescriptor<StatusRequest, NodeStatus> STATUS = unary("Status", StatusRequest::write, StatusRequest::read,
            NodeStatus::write,
            NodeStatus::read);
    static final MethodDescriptor<UnconfirmedRequest, UnconfirmedReply> UNCONFIRMED = unary("Unconfirmed", UnconfirmedRequest::write,
            UnconfirmedRequest::read, UnconfirmedReply::write, UnconfirmedReply::read);
    static final MethodDescriptor<TermRequest, TermReply> TERM = unary("CurrentTerm", TermRequest::write, TermRequest::read,
            TermReply::write,
            TermReply::read);
    static final MethodDescriptor<JoinRequest, JoinReply> JOIN = unary("Join", JoinRequest::write, JoinRequest::read, JoinReply::write,
            JoinReply::read);
    static final MethodDescriptor<FaultSet, FaultSet> FAULTS = unary("SetFaults", FaultSet::write, FaultSet::read, FaultSet::write,
            FaultSet::read);
    static final MethodDescriptor<StreamRequest, byte[]> OPEN = MethodDescriptor
            .newBuilder(marshaller(StreamRequest::write, StreamRequest::read),
                    NodeRpc.<byte[]>marshaller((frame, out) -> out.writeRaw(frame), ByteReader::readRemaining))
            .setType(MethodDescriptor.MethodType.SERVER_STREAMING).setFullMethodName(SERVICE + "/Open").build();

    /** The caller's trace. */
    public static final Metadata.Key<String> TRACE = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    private NodeRpc() {
    }

    private static <Q, A> MethodDescriptor<Q, A> unary(String name, BiConsumer<Q, ByteWriter> writeRequest,
            Function<ByteReader, Q> readRequest,
            BiConsumer<A, ByteWriter> writeAnswer, Function<ByteReader, A> readAnswer) {
        return MethodDescriptor.newBuilder(marshaller(writeRequest, readRequest), marshaller(writeAnswer, readAnswer))
                .setType(MethodDescriptor.MethodType.UNARY).setFullMethodName(SERVICE + "/" + name).build();
    }

    private static <T> MethodDescriptor.Marshaller<T> marshaller(BiConsumer<T, ByteWriter> write, Function<ByteReader, T> read) {
        return new MethodDescriptor.Marshaller<>() {
            @Override
            public InputStream stream(T value) {
                ByteWriter out = new ByteWriter(256);
                write.accept(value, out);
                return new ByteArrayInputStream(out.toByteArray());
            }

            @Override
            public T parse(InputStream stream) {
                try {
                    return read.apply(new ByteReader(stream.readAllBytes()));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** A refusal as a status with its bytes in the trailers; anything else as INTERNAL. */
    static StatusRuntimeException toStatus(Throwable failure) {
        if (failure instanceof NodeRefusal refusal) {
            Metadata trailers = new Metadata();
            trailers.put(REFUSAL, refusal.encode());
            return Status.FAILED_PRECONDITION.withDescription(refusal.code().toString()).asRuntimeException(trailers);
        }
        return Status.INTERNAL.withDescription(String.valueOf(failure)).withCause(failure).asRuntimeException();
    }

    /** The refusal in a status, or the status itself. */
    static Throwable fromStatus(Throwable failure) {
        Metadata trailers = Status.trailersFromThrowable(failure);
        byte[] refusal = trailers == null ? null : trailers.get(REFUSAL);
        return refusal == null ? failure : NodeRefusal.decode(refusal);
    }
}
