package io.aviladb.crdt.schema;

import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A compiled JSON Schema. Total: whatever the schema and the document, the answer comes after a number of steps that grows with the document's
 * size, and is the same everywhere. Immutable.
 */
public final class Schema {
    private static final int MAX_COMPILED = 1_000;
    private static final Map<String, Schema> COMPILED = new ConcurrentHashMap<>();
    /** Of any document. */
    static final long STEPS = 100_000;
    /** For each byte of canonical JSON, beyond these. */
    static final long STEPS_PER_BYTE = 8;

    private final SchemaNode root;
    private final boolean tracks;

    private Schema(SchemaNode root, boolean tracks) {
        this.root = root;
        this.tracks = tracks;
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_SCHEMA} where the JSON is no schema, or one that isn't supported */
    public static Schema compile(JsonValue json) {
        SchemaCompiler compiler = new SchemaCompiler(json);
        SchemaNode root = compiler.compile();
        return new Schema(root, compiler.tracks());
    }

    /** Compiled once for each text. @throws AvilaError as {@link #compile} */
    public static Schema of(SchemaDefinition definition) {
        if (COMPILED.size() > MAX_COMPILED) {
            COMPILED.clear();
        }
        return COMPILED.computeIfAbsent(definition.json(), json -> compile(JsonParser.parse(json.getBytes(StandardCharsets.UTF_8))));
    }

    /** What is wrong with the document, at most the first few things; empty where nothing is. */
    public List<SchemaViolation> check(Document document) {
        return check(document.root(), STEPS + STEPS_PER_BYTE * document.sizeBytes());
    }

    List<SchemaViolation> check(JsonValue value, long steps) {
        Run run = new Run(tracks, steps);
        return root.accepts(value, run, null) ? List.of() : run.violations();
    }
}
