package io.aviladb.query.eval;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a row becomes. A column without alias is named by its path's last step, any other by its place: {@code _1}, {@code _2}. */
public final class Projections {
    private Projections() {
    }

    /** The name of a column, its place counted from 1. */
    public static String name(Query.Column column, int place) {
        return column.alias().orElseGet(() -> switch (column.value()) {
            case Expression.Name name -> name.name();
            case Expression.Member member -> member.name();
            default -> "_" + place;
        });
    }

    public static Evaluator compile(Query query, ExpressionCompiler compiler) {
        return switch (query.projection()) {
            case Query.Single single -> compiler.compile(single.value());
            case Query.Items items -> items(items, compiler);
        };
    }

    private static Evaluator items(Query.Items items, ExpressionCompiler compiler) {
        if (items.items().size() == 1 && items.items().get(0) instanceof Query.Star star) {
            return star(star, compiler.scope());
        }
        List<Evaluator> stars = new ArrayList<>();
        LinkedHashMap<String, Evaluator> columns = new LinkedHashMap<>();
        for (int i = 0; i < items.items().size(); i++) {
            switch (items.items().get(i)) {
                case Query.Star star -> stars.add(star(star, compiler.scope()));
                case Query.Column column -> {
                    String name = name(column, i + 1);
                    if (columns.put(name, compiler.compile(column.value())) != null) {
                        throw ExpressionCompiler.invalid(column.value(), "two columns are named '" + name + "': give one another with AS");
                    }
                }
            }
        }
        return frame -> {
            LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
            for (Evaluator star : stars) {
                if (star.evaluate(frame) instanceof JsonObject object) {
                    members.putAll(object.members());
                }
            }
            columns.forEach((name, column) -> {
                JsonValue value = column.evaluate(frame);
                if (value != null) {
                    members.put(name, value);
                }
            });
            return new JsonObject(members);
        };
    }

    /** The document where it is the only source; else an object of all sources by alias. */
    private static Evaluator star(Query.Star star, Scope scope) {
        if (scope.isGrouped()) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "at " + star.at() + ": * has no meaning for groups: name columns and aggregates");
        }
        Map<String, Integer> sources = scope.sources();
        if (sources.size() == 1) {
            int only = sources.values().iterator().next();
            return frame -> frame.get(only);
        }
        return frame -> {
            LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
            sources.forEach((alias, slot) -> {
                JsonValue value = frame.get(slot);
                if (value != null) {
                    members.put(alias, value);
                }
            });
            return new JsonObject(members);
        };
    }
}
