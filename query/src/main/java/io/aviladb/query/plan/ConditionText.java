package io.aviladb.query.plan;

import io.aviladb.core.document.JsonValue;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Printer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A condition of documents by the letter, whatever the query calls them: without alias, with values in the place of parameters. */
final class ConditionText {
    private final Optional<String> alias;
    private final List<String> otherAliases;
    private final Map<String, JsonValue> parameters;

    private ConditionText(Optional<String> alias, List<String> otherAliases, Map<String, JsonValue> parameters) {
        this.alias = alias;
        this.otherAliases = otherAliases;
        this.parameters = parameters;
    }

    /** Empty for what isn't told apart here: functions, subqueries, elements of arrays. */
    static Optional<String> of(Expression condition, Optional<String> alias, List<String> otherAliases, Map<String, JsonValue> parameters) {
        return new ConditionText(alias, otherAliases, parameters).plain(condition).map(Printer::text);
    }

    private Optional<Expression> plain(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> Optional.of(literal);
            case Expression.Parameter parameter -> Optional.ofNullable(parameters.get(parameter.name()))
                    .map(value -> new Expression.Literal(value, parameter.at()));
            case Expression.Name name -> alias.filter(name.name()::equals).isPresent() || otherAliases.contains(name.name())
                    ? Optional.empty()
                    : Optional.of(name);
            case Expression.Member member when member.base() instanceof Expression.Name base
                    && alias.filter(base.name()::equals).isPresent() ->
                Optional.of(new Expression.Name(member.name(), member.at()));
            case Expression.Member member -> plain(member.base()).map(base -> new Expression.Member(base, member.name(), member.at()));
            case Expression.Unary unary ->
                plain(unary.operand()).map(operand -> new Expression.Unary(unary.operator(), operand, unary.at()));
            case Expression.Binary binary -> both(binary.left(), binary.right())
                    .map(two -> new Expression.Binary(binary.operator(), two.get(0), two.get(1), binary.at()));
            case Expression.Is is -> plain(is.operand()).map(operand -> new Expression.Is(operand, is.test(), is.negated(), is.at()));
            case Expression.Between between -> plain(between.operand()).flatMap(operand -> both(between.low(), between.high())
                    .map(two -> new Expression.Between(operand, two.get(0), two.get(1), between.negated(), between.at())));
            case Expression.InList in -> plain(in.operand())
                    .flatMap(
                            operand -> all(in.elements()).map(elements -> new Expression.InList(operand, elements, in.negated(), in.at())));
            default -> Optional.empty();
        };
    }

    private Optional<List<Expression>> both(Expression one, Expression other) {
        return all(List.of(one, other));
    }

    private Optional<List<Expression>> all(List<Expression> expressions) {
        List<Expression> plain = new ArrayList<>();
        for (Expression expression : expressions) {
            Optional<Expression> one = plain(expression);
            if (one.isEmpty()) {
                return Optional.empty();
            }
            plain.add(one.get());
        }
        return Optional.of(plain);
    }
}
