package io.aviladb.router.edge;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.router.query.QueryResult;
import io.aviladb.router.query.RangeRun;
import java.util.HexFormat;
import java.util.LinkedHashMap;

/** Plans as JSON, with what they took where they were run. */
public final class ExplainBodies {
    private ExplainBodies() {
    }

    /** @param milliseconds how long the statement took, in all */
    public static JsonObject plan(QueryOperations.Answered.Explained explained, JsonValue milliseconds) {
        JsonObject plan = explained.plan().toJson();
        return explained.actual().map(result -> plan.with("actual", actual(result, milliseconds))).orElse(plan);
    }

    private static JsonObject actual(QueryResult result, JsonValue milliseconds) {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("documentsRead", JsonNumber.of(result.documentsRead()));
        members.put("bytesRead", JsonNumber.of(result.bytesRead()));
        members.put("rows", JsonNumber.of(result.page().rows().size()));
        members.put("milliseconds", milliseconds);
        members.put("ranges", new JsonArray(result.ranges().stream().<JsonValue>map(ExplainBodies::range).toList()));
        return new JsonObject(members);
    }

    private static JsonObject range(RangeRun run) {
        HexFormat hex = HexFormat.of();
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("region", new JsonString(run.region().name()));
        members.put("node", new JsonString(run.node()));
        members.put("start", new JsonString(hex.formatHex(run.interval().start())));
        members.put("end", new JsonString(hex.formatHex(run.interval().end())));
        members.put("documentsRead", JsonNumber.of(run.documents()));
        members.put("bytesRead", JsonNumber.of(run.bytes()));
        members.put("rows", JsonNumber.of(run.rows()));
        members.put("milliseconds", JsonNumber.of(run.micros() / 1_000.0));
        return new JsonObject(members);
    }
}
