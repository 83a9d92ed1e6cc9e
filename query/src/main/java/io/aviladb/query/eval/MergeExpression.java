package io.aviladb.query.eval;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Position;
import io.aviladb.query.language.Printer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An expression over {@code base}, {@code local} and {@code remote}: a custom merge. Pure: it has no parameters, no document around it, and no function
 * that reads a clock.
 */
public final class MergeExpression {
    /** Members of the three as {@link Printer} writes them. */
    private static final Pattern FIELD = Pattern.compile("(?<![`.])`(?:base|local|remote)`\\.`((?:[^`]|``)+)`");

    /** Texts, in which anything may stand. */
    private static final Pattern QUOTED = Pattern.compile("'(?:[^']|'')*'");
    private static final Pattern BASE = Pattern.compile("(?<![`.])`base`");

    private static final Bindings NOTHING = Bindings.of(Set.of(), Map.of(), Instant.EPOCH);

    private final Evaluator evaluator;
    private final Scope scope;
    private final int base;
    private final int local;
    private final int remote;
    private final String canonical;

    private MergeExpression(Expression expression) {
        this.scope = new Scope();
        this.base = scope.alias("base", scope.newSlot(), Position.NONE);
        this.local = scope.alias("local", scope.newSlot(), Position.NONE);
        this.remote = scope.alias("remote", scope.newSlot(), Position.NONE);
        ExpressionCompiler compiler = new ExpressionCompiler(scope);
        this.evaluator = compiler.compile(expression);
        this.canonical = Printer.text(expression);
        if (!compiler.parameters().isEmpty()) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "a merge has no parameters: @" + compiler.parameters().iterator().next());
        }
        if (compiler.readsClock()) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "a merge reads no clock: it must give the same result in every region");
        }
        if (unquoted().contains("SELECT ")) {
            throw new AvilaError(ErrorCode.QUERY_INVALID,
                    "a merge has no subquery: it runs wherever two documents meet, and must be cheap");
        }
    }

    /** @throws AvilaError {@code QUERY_SYNTAX}, {@code QUERY_TOO_COMPLEX} or {@code QUERY_INVALID} */
    public static MergeExpression of(String text) {
        return new MergeExpression(Parser.expression(text));
    }

    /** The merge; missing where the expression has no value. Thread-safe. */
    public @Nullable JsonValue merge(JsonObject baseDocument, JsonObject localDocument, JsonObject remoteDocument) {
        Frame frame = new Frame(scope.slots(), NOTHING);
        frame.set(base, baseDocument);
        frame.set(local, localDocument);
        frame.set(remote, remoteDocument);
        return evaluator.evaluate(frame);
    }

    /** Top-level fields that the expression names, in alphabetical order; one that names none takes whole documents. */
    public List<String> fields() {
        Set<String> fields = new TreeSet<>();
        Matcher matcher = FIELD.matcher(canonical);
        while (matcher.find()) {
            fields.add(matcher.group(1).replace("``", "`"));
        }
        return List.copyOf(fields);
    }

    /** Whether the expression looks at what both sides had seen. */
    public boolean readsBase() {
        return BASE.matcher(unquoted()).find();
    }

    private String unquoted() {
        return QUOTED.matcher(canonical).replaceAll("''");
    }

    /** Equal for expressions that are equal but for white space, brackets and the case of keywords. */
    public String canonical() {
        return canonical;
    }
}
