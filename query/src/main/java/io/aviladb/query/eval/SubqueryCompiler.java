package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Query;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** EXISTS and ARRAY: a small query over arrays of the row around it, in the order of their elements unless it says another. */
final class SubqueryCompiler {
    private final ExpressionCompiler around;

    SubqueryCompiler(ExpressionCompiler around) {
        this.around = around;
    }

    /** A row of the subquery that passed its WHERE. */
    private record Found(List<@Nullable JsonValue> keys, @Nullable JsonValue value) {}

    /** What runs for each row around. */
    private record Compiled(List<Unnest> unnests, Evaluator where, List<Evaluator> keys, List<Boolean> descending, Evaluator value,
            Evaluator limit, Evaluator offset, boolean distinct) {}

    Evaluator exists(Query query) {
        Compiled compiled = compile(query);
        return frame -> {
            long skip = count(compiled.offset(), frame, 0);
            long limit = count(compiled.limit(), frame, Long.MAX_VALUE);
            long[] met = new long[1];
            run(compiled, 0, frame, found -> ++met[0] <= skip);
            return JsonBoolean.of(met[0] > skip && limit > 0);
        };
    }

    Evaluator array(Query query) {
        Compiled compiled = compile(query);
        return frame -> {
            List<Found> rows = new ArrayList<>();
            Set<String> seen = new HashSet<>();
            run(compiled, 0, frame, found -> {
                if (found.value() != null && (!compiled.distinct() || seen.add(ValueKey.of(found.value())))) {
                    rows.add(found);
                }
                return true;
            });
            rows.sort((a, b) -> compare(compiled, a, b));
            long skip = count(compiled.offset(), frame, 0);
            long limit = count(compiled.limit(), frame, Long.MAX_VALUE);
            List<JsonValue> values = new ArrayList<>();
            rows.stream().skip(skip).limit(limit).forEach(row -> values.add(java.util.Objects.requireNonNull(row.value())));
            return new JsonArray(values);
        };
    }

    private Compiled compile(Query query) {
        if (!query.groupBy().isEmpty() || query.having().isPresent() || query.asOf().isPresent()) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "at " + query.at() + ": a subquery has no GROUP BY, HAVING or AS OF");
        }
        Scope scope = around.scope().inner();
        ExpressionCompiler inside = around.in(scope);
        List<Unnest> unnests = Unnest.compile(query.sources(), scope, inside);
        Evaluator none = frame -> null;
        return new Compiled(unnests, query.where().map(inside::compile).orElse(frame -> JsonBoolean.TRUE),
                query.orderBy().stream().map(order -> inside.compile(order.key())).toList(),
                query.orderBy().stream().map(Query.Order::descending).toList(), Projections.compile(query, inside),
                query.limit().map(inside::compile).orElse(none), query.offset().map(inside::compile).orElse(none), query.distinct());
    }

    /** What isn't a whole number from 0 leaves the default. */
    private static long count(Evaluator count, Frame frame, long otherwise) {
        OptionalLong whole = count.evaluate(frame) instanceof JsonNumber number ? Numbers.exactLong(number) : OptionalLong.empty();
        return whole.isPresent() && whole.getAsLong() >= 0 ? whole.getAsLong() : otherwise;
    }

    /** @return whether to go on */
    private static boolean run(Compiled compiled, int level, Frame frame, Predicate<Found> visitor) {
        if (level == compiled.unnests().size()) {
            if (!compiled.where().isTrue(frame)) {
                return true;
            }
            List<@Nullable JsonValue> keys = new ArrayList<>();
            compiled.keys().forEach(key -> keys.add(key.evaluate(frame)));
            return visitor.test(new Found(keys, compiled.value().evaluate(frame)));
        }
        Unnest unnest = compiled.unnests().get(level);
        for (JsonValue element : unnest.elements(frame)) {
            frame.set(unnest.slot(), element);
            if (!run(compiled, level + 1, frame, visitor)) {
                return false;
            }
        }
        return true;
    }

    private static int compare(Compiled compiled, Found a, Found b) {
        for (int i = 0; i < compiled.keys().size(); i++) {
            int order = ValueOrder.ORDER.compare(a.keys().get(i), b.keys().get(i));
            if (order != 0) {
                return compiled.descending().get(i) ? -order : order;
            }
        }
        return 0;
    }
}
