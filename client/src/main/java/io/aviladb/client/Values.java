package io.aviladb.client;

import io.aviladb.client.internal.Exceptions;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.ErrorCode;
import java.util.List;
import java.util.Optional;

/**
 * A page of a query's rows, whatever they are.
 *
 * @param json each row's bytes
 * @param continuationToken where the next page begins; empty at the end
 * @param version the newest that the page's states may hold
 * @param compressionRatio bytes of JSON over bytes of the answer
 */
public record Values(List<byte[]> json, Optional<String> continuationToken, Coverage coverage, String version, double compressionRatio,
        Answer answer) implements Result {
    public Values {
        json = List.copyOf(json);
    }

    public List<JsonValue> values() {
        return json.stream().map(JsonParser::parse).toList();
    }

    /** @throws io.aviladb.client.error.InvalidRequestException where a row is no object, as SELECT VALUE can make them */
    Page toPage() {
        return new Page(json.stream().map(Values::document).toList(), continuationToken, coverage, version, compressionRatio, answer);
    }

    private static Document document(byte[] row) {
        if (row.length == 0 || row[0] != '{') {
            throw Exceptions.invalid(ErrorCode.NOT_AN_OBJECT, "the query's rows are values, not documents: ask for values()");
        }
        return Document.ofCanonical(row);
    }
}
