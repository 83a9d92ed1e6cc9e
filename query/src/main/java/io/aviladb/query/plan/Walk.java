package io.aviladb.query.plan;

import io.aviladb.query.eval.Aggregates;
import io.aviladb.query.language.Expression;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Looks through expressions. */
final class Walk {
    private Walk() {
    }

    /** The parts joined by AND. */
    static List<Expression> conjuncts(Expression condition) {
        List<Expression> parts = new ArrayList<>();
        collect(condition, parts);
        return parts;
    }

    private static void collect(Expression condition, List<Expression> into) {
        if (condition instanceof Expression.Binary binary && binary.operator() == Expression.BinaryOperator.AND) {
            collect(binary.left(), into);
            collect(binary.right(), into);
        } else {
            into.add(condition);
        }
    }

    /** Calls of aggregates, outermost; those in subqueries don't count. */
    static List<Expression.Call> aggregates(Expression expression) {
        if (expression instanceof Expression.Call call && Aggregates.isAggregate(call.name())) {
            return List.of(call);
        }
        return children(expression).flatMap(child -> aggregates(child).stream()).toList();
    }

    private static Stream<Expression> children(Expression expression) {
        return switch (expression) {
            case Expression.Literal literal -> Stream.empty();
            case Expression.Parameter parameter -> Stream.empty();
            case Expression.Name name -> Stream.empty();
            case Expression.Member member -> Stream.of(member.base());
            case Expression.Element element -> Stream.of(element.base(), element.index());
            case Expression.Unary unary -> Stream.of(unary.operand());
            case Expression.Binary binary -> Stream.of(binary.left(), binary.right());
            case Expression.Is is -> Stream.of(is.operand());
            case Expression.InList in -> Stream.concat(Stream.of(in.operand()), in.elements().stream());
            case Expression.InArray in -> Stream.of(in.operand(), in.array());
            case Expression.Between between -> Stream.of(between.operand(), between.low(), between.high());
            case Expression.Like like -> Stream.of(Optional.of(like.operand()), Optional.of(like.pattern()), like.escape())
                    .flatMap(Optional::stream);
            case Expression.Call call -> call.arguments().stream();
            case Expression.ArrayOf array -> array.elements().stream();
            case Expression.ObjectOf object -> object.fields().stream().map(Expression.ObjectOf.Field::value);
            case Expression.Case cases -> Stream.concat(
                    cases.branches().stream().flatMap(branch -> Stream.of(branch.condition(), branch.value())), cases.otherwise().stream());
            case Expression.Exists exists -> Stream.empty();
            case Expression.ArrayQuery array -> Stream.empty();
        };
    }
}
