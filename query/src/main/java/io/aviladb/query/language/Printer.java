package io.aviladb.query.language;

import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The canonical text of an expression: operators with parentheses, names in back-quotes where they need them. What it writes parses to an
 * equal tree (but for positions), and two expressions mean the same by the letter exactly if their texts are equal.
 */
public final class Printer {
    private Printer() {
    }

    public static String text(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> literal(literal.value());
            case Expression.Parameter parameter -> "@" + parameter.name();
            case Expression.Name name -> name(name.name());
            case Expression.Member member -> text(member.base()) + "." + name(member.name());
            case Expression.Element element -> text(element.base()) + "[" + text(element.index()) + "]";
            case Expression.Unary unary -> "(" + unary.operator().symbol() + text(unary.operand()) + ")";
            case Expression.Binary binary ->
                "(" + left(binary) + " " + binary.operator().symbol() + " " + text(binary.right()) + ")";
            case Expression.Is is -> "(" + text(is.operand()) + " IS " + not(is.negated()) + is.test() + ")";
            case Expression.InList in -> "(" + text(in.operand()) + " " + not(in.negated()) + "IN (" + list(in.elements()) + "))";
            case Expression.InArray in -> "(" + text(in.operand()) + " " + not(in.negated()) + "IN " + text(in.array()) + ")";
            case Expression.Between between -> "(" + text(between.operand()) + " " + not(between.negated()) + "BETWEEN "
                    + text(between.low()) + " AND " + text(between.high()) + ")";
            case Expression.Like like -> "(" + text(like.operand()) + " " + not(like.negated()) + "LIKE " + text(like.pattern())
                    + like.escape().map(escape -> " ESCAPE " + text(escape)).orElse("") + ")";
            case Expression.Call call -> call.name().toUpperCase(Locale.ROOT) + "(" + (call.distinct() ? "DISTINCT " : "")
                    + (call.star() ? "*" : list(call.arguments())) + ")";
            case Expression.ArrayOf array -> "[" + list(array.elements()) + "]";
            case Expression.ObjectOf object -> object.fields().stream()
                    .map(field -> literal(new JsonString(field.name())) + ": " + text(field.value()))
                    .collect(Collectors.joining(", ", "{", "}"));
            case Expression.Case cases -> "CASE "
                    + cases.branches().stream().map(branch -> "WHEN " + text(branch.condition()) + " THEN " + text(branch.value()) + " ")
                            .collect(Collectors.joining())
                    + cases.otherwise().map(value -> "ELSE " + text(value) + " ").orElse("") + "END";
            case Expression.Exists exists -> "EXISTS(" + text(exists.query()) + ")";
            case Expression.ArrayQuery array -> "ARRAY(" + text(array.query()) + ")";
        };
    }

    /** A chain of AND or of OR needs no parentheses inside: however long it is, it is no deeper than one of its parts. */
    private static String left(Expression.Binary binary) {
        String left = text(binary.left());
        boolean chain = binary.left() instanceof Expression.Binary before && before.operator() == binary.operator()
                && (binary.operator() == Expression.BinaryOperator.AND || binary.operator() == Expression.BinaryOperator.OR);
        return chain ? left.substring(1, left.length() - 1) : left;
    }

    /** A name in back-quotes. */
    public static String quoted(String name) {
        return name(name);
    }

    public static String text(Query query) {
        StringBuilder out = new StringBuilder("SELECT ").append(query.distinct() ? "DISTINCT " : "");
        out.append(switch (query.projection()) {
            case Query.Single single -> "VALUE (" + text(single.value()) + ")";
            case Query.Items items -> items.items().stream().map(Printer::item).collect(Collectors.joining(", "));
        });
        out.append(query.sources().stream().map(Printer::source).collect(Collectors.joining(", ", " FROM ", "")));
        query.asOf().ifPresent(time -> out.append(" AS OF ").append(text(time)));
        query.where().ifPresent(where -> out.append(" WHERE ").append(text(where)));
        if (!query.groupBy().isEmpty()) {
            out.append(" GROUP BY ").append(list(query.groupBy()));
        }
        query.having().ifPresent(having -> out.append(" HAVING ").append(text(having)));
        if (!query.orderBy().isEmpty()) {
            out.append(query.orderBy().stream().map(order -> text(order.key()) + (order.descending() ? " DESC" : ""))
                    .collect(Collectors.joining(", ", " ORDER BY ", "")));
        }
        query.limit().ifPresent(limit -> out.append(" LIMIT ").append(text(limit)));
        query.offset().ifPresent(offset -> out.append(" OFFSET ").append(text(offset)));
        return out.toString();
    }

    private static String item(Query.Item item) {
        return switch (item) {
            case Query.Star star -> "*";
            case Query.Column column -> text(column.value()) + column.alias().map(alias -> " AS " + name(alias)).orElse("");
        };
    }

    private static String source(Query.Source source) {
        return switch (source) {
            case Query.CollectionSource from -> name(from.collection()) + from.alias().map(alias -> " AS " + name(alias)).orElse("");
            case Query.ElementSource from ->
                "UNNEST(" + text(from.array()) + ")" + from.alias().map(alias -> " AS " + name(alias)).orElse("");
        };
    }

    private static String list(List<Expression> expressions) {
        return expressions.stream().map(Printer::text).collect(Collectors.joining(", "));
    }

    private static String not(boolean negated) {
        return negated ? "NOT " : "";
    }

    private static String literal(JsonValue value) {
        return value instanceof JsonString string ? "'" + string.value().replace("'", "''") + "'" : value.toJson().toLowerCase(Locale.ROOT);
    }

    private static String name(String name) {
        return "`" + name.replace("`", "``") + "`";
    }
}
