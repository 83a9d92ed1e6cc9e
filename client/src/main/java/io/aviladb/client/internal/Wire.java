package io.aviladb.client.internal;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.aviladb.client.Answer;
import io.aviladb.client.BatchResult;
import io.aviladb.client.CollectionInfo;
import io.aviladb.client.Coverage;
import io.aviladb.client.InsertResult;
import io.aviladb.client.Page;
import io.aviladb.client.Receipt;
import io.aviladb.client.WriteResult;
import io.aviladb.client.option.RequestOptions;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.proto.v1.AnswerContext;
import io.aviladb.proto.v1.BatchResponse;
import io.aviladb.proto.v1.CollectionRef;
import io.aviladb.proto.v1.Consistency;
import io.aviladb.proto.v1.DocumentRef;
import io.aviladb.proto.v1.Durability;
import io.aviladb.proto.v1.Encoding;
import io.aviladb.proto.v1.ListResponse;
import io.aviladb.proto.v1.Payload;
import io.aviladb.proto.v1.Precondition;
import io.aviladb.proto.v1.RequestContext;
import io.aviladb.proto.v1.WriteResponse;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Between the client's values and the protocol's. */
final class Wire {
    private Wire() {
    }

    static Payload payload(byte[] json) {
        return Payload.newBuilder().setEncoding(Encoding.JSON).setData(UnsafeByteOperations.unsafeWrap(json)).build();
    }

    static Payload payload(JsonValue value) {
        return payload(value.toJsonBytes());
    }

    static Payload payload(List<JsonValue> partition) {
        return payload(new JsonArray(partition));
    }

    static Document document(Payload payload) {
        return Document.ofCanonical(payload.getData().toByteArray());
    }

    private static JsonValue value(Payload payload) {
        ByteString data = payload.getData();
        return data.isEmpty() ? JsonNull.NULL : JsonParser.parse(data.toByteArray());
    }

    static DocumentRef document(CollectionRef collection, Key key) {
        DocumentRef.Builder ref = DocumentRef.newBuilder().setCollection(collection).setId(key.id());
        if (!key.partition().isEmpty()) {
            ref.setPartitionKey(payload(key.partition()));
        }
        return ref.build();
    }

    static RequestContext reading(RequestOptions options, Terms terms) {
        RequestContext.Builder context = context(terms);
        options.consistency().ifPresent(asked -> context.setConsistency(Consistency.valueOf(asked.name())));
        options.maxStaleness().ifPresent(bound -> context.setMaxStalenessMs(bound.toMillis()));
        return context.build();
    }

    static RequestContext writing(RequestOptions options, Terms terms) {
        RequestContext.Builder context = context(terms);
        options.durability().ifPresent(asked -> context.setDurability(Durability.valueOf(asked.name())));
        return context.build();
    }

    private static RequestContext.Builder context(Terms terms) {
        return RequestContext.newBuilder().setSession(terms.session()).setTimeoutMs(terms.timeoutMillis());
    }

    /** The guard's; meaningless for none. */
    static Precondition precondition(Guard guard) {
        return guard instanceof Guard.Matches matches
                ? Precondition.newBuilder().setIfMatch(matches.etag()).build()
                : Precondition.newBuilder().setIfPresent(true).build();
    }

    static io.aviladb.proto.v1.PatchOperation patch(PatchOperation operation) {
        io.aviladb.proto.v1.PatchOperation.Builder built = io.aviladb.proto.v1.PatchOperation.newBuilder()
                .setKind(io.aviladb.proto.v1.PatchOperation.Kind.valueOf(operation.kind().name())).setPath(operation.path().toString());
        if (operation.from() != null) {
            built.setFrom(operation.from().toString());
        }
        if (operation.value() != null) {
            built.setValue(payload(operation.value()));
        }
        return built.build();
    }

    static Answer answer(AnswerContext context, Reply<?> reply) {
        return new Answer(reply.latency(), Duration.ofNanos((long) (context.getLatencyMs() * 1e6)), context.getSession(),
                context.getRegion(), context.getNode(), context.getReason(), context.getRequestId(), reply.attempts());
    }

    private static Receipt receipt(io.aviladb.proto.v1.Receipt receipt) {
        return new Receipt(receipt.getRegion(), receipt.getGroup(), receipt.getTerm(), receipt.getIndex(), receipt.getVersion(),
                receipt.getRegionsList());
    }

    static InsertResult inserted(WriteResponse written, Answer answer) {
        return new InsertResult(written.getId(), written.getVersion(), written.getEtag(), written.getSizeBytes(),
                written.getCompressionRatio(), receipt(written.getReceipt()), answer);
    }

    static WriteResult written(WriteResponse written, Answer answer) {
        return new WriteResult(written.getId(), written.getVersion(), written.getEtag(), written.getCreated(), written.getSizeBytes(),
                written.getCompressionRatio(), receipt(written.getReceipt()), answer);
    }

    static BatchResult batch(BatchResponse response, Answer answer) {
        return new BatchResult(response.getResultsList().stream().<BatchResult.Item>map(result -> result.hasWritten()
                ? new BatchResult.Inserted(inserted(result.getWritten(), answer))
                : new BatchResult.Refused(result.getId(), Exceptions.of(result.getRefusal()))).toList(), answer);
    }

    static Coverage coverage(io.aviladb.proto.v1.Coverage seen) {
        return new Coverage(seen.getComplete(),
                seen.getRegionsList().stream().map(r -> new Coverage.Region(r.getRegion(), r.getAnswered(), r.getClosed())).toList(),
                seen.getMissingList().stream().map(m -> new Coverage.Missing(m.getRegion(), m.getStart(), m.getEnd())).toList());
    }

    /** To two places. */
    static double ratio(long jsonBytes, int answerBytes) {
        return jsonBytes == 0 || answerBytes == 0 ? 1 : Math.round(100.0 * jsonBytes / answerBytes) / 100.0;
    }

    static Page page(ListResponse response, Answer answer) {
        long json = response.getDocumentsList().stream().mapToLong(document -> document.getData().size()).sum();
        return new Page(response.getDocumentsList().stream().map(Wire::document).toList(),
                Optional.of(response.getContinuationToken()).filter(token -> !token.isEmpty()), coverage(response.getCoverage()),
                response.getVersion(), ratio(json, response.getSerializedSize()), answer);
    }

    static CollectionInfo collection(io.aviladb.proto.v1.Collection collection) {
        return new CollectionInfo(collection.getDatabase(), collection.getName(), value(collection.getPartitionKey()),
                value(collection.getMergePolicy()), collection.getCatalogVersion(),
                collection.hasSchema() ? Optional.of(value(collection.getSchema())) : Optional.empty(),
                collection.hasTtl() ? Optional.of(value(collection.getTtl())) : Optional.empty());
    }
}
