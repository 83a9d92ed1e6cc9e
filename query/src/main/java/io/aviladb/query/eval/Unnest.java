package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Query;
import java.util.ArrayList;
import java.util.List;

/**
 * One array of a row whose elements become rows. What isn't an array has no elements.
 *
 * @param slot where an element is put
 */
public record Unnest(Evaluator array, int slot, String alias) {
    /** The element sources, each of which may read those before it. */
    public static List<Unnest> compile(List<Query.Source> sources, Scope scope, ExpressionCompiler compiler) {
        List<Unnest> unnests = new ArrayList<>();
        for (Query.Source source : sources) {
            if (source instanceof Query.ElementSource elements) {
                Evaluator array = compiler.compile(elements.array());
                String alias = elements.alias().orElseGet(() -> impliedAlias(elements));
                unnests.add(new Unnest(array, scope.alias(alias, scope.newSlot(), elements.at()), alias));
            }
        }
        return unnests;
    }

    private static String impliedAlias(Query.ElementSource source) {
        return switch (source.array()) {
            case Expression.Member member -> member.name();
            case Expression.Name name -> name.name();
            default -> throw new AvilaError(ErrorCode.QUERY_INVALID, "at " + source.at() + ": this source needs an alias");
        };
    }

    public List<JsonValue> elements(Frame frame) {
        return array.evaluate(frame) instanceof JsonArray values ? values.elements() : List.of();
    }
}
