package io.aviladb.query.eval;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Expression.BinaryOperator;
import io.aviladb.query.language.NearestName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Makes closures of expressions, once per statement. What can't mean anything is refused here, so that evaluation is total. */
public final class ExpressionCompiler {
    private final Scope scope;
    private final Set<String> parameters;
    private final boolean[] readsClock;

    public ExpressionCompiler(Scope scope) {
        this(scope, new TreeSet<>(), new boolean[1]);
    }

    private ExpressionCompiler(Scope scope, Set<String> parameters, boolean[] readsClock) {
        this.scope = scope;
        this.parameters = parameters;
        this.readsClock = readsClock;
    }

    /** The same statement, with further names. */
    ExpressionCompiler in(Scope inner) {
        return new ExpressionCompiler(inner, parameters, readsClock);
    }

    Scope scope() {
        return scope;
    }

    /** Names of the parameters met so far. */
    public Set<String> parameters() {
        return parameters;
    }

    /** Whether a function met so far depends on the statement's time. */
    public boolean readsClock() {
        return readsClock[0];
    }

    /** @throws AvilaError {@link ErrorCode#QUERY_INVALID} */
    public Evaluator compile(Expression expression) {
        Integer computed = expression instanceof Expression.Literal ? null : scope.computedSlot(expression);
        if (computed != null) {
            int slot = computed;
            return frame -> frame.get(slot);
        }
        return switch (expression) {
            case Expression.Literal literal -> constant(literal.value());
            case Expression.Parameter parameter -> parameter(parameter.name());
            case Expression.Name name -> name(name);
            case Expression.Member member -> member(compile(member.base()), member.name());
            case Expression.Element element -> element(compile(element.base()), compile(element.index()));
            case Expression.Unary unary -> unary(unary);
            case Expression.Binary binary -> binary(binary.operator(), compile(binary.left()), compile(binary.right()));
            case Expression.Is is -> is(compile(is.operand()), is.test(), is.negated());
            case Expression.InList in -> inList(compile(in.operand()), compileAll(in.elements()), in.negated());
            case Expression.InArray in -> inArray(compile(in.operand()), compile(in.array()), in.negated());
            case Expression.Between between -> between(between);
            case Expression.Like like -> like(like);
            case Expression.Call call -> call(call);
            case Expression.ArrayOf array -> arrayOf(compileAll(array.elements()));
            case Expression.ObjectOf object -> objectOf(object);
            case Expression.Case cases -> cases(cases);
            case Expression.Exists exists -> new SubqueryCompiler(this).exists(exists.query());
            case Expression.ArrayQuery array -> new SubqueryCompiler(this).array(array.query());
        };
    }

    private List<Evaluator> compileAll(List<Expression> expressions) {
        return expressions.stream().map(this::compile).toList();
    }

    private static Evaluator constant(JsonValue value) {
        return frame -> value;
    }

    private Evaluator parameter(String name) {
        parameters.add(name);
        return frame -> frame.bindings().get(name);
    }

    private Evaluator name(Expression.Name name) {
        if (scope.isHidden(name.name())) {
            throw invalid(name, "'" + name.name() + "' must appear in GROUP BY or be an aggregate");
        }
        Integer alias = scope.aliasSlot(name.name());
        if (alias != null) {
            int slot = alias;
            return frame -> frame.get(slot);
        }
        int document = scope.documentSlot().orElseThrow(
                () -> invalid(name, "'" + name.name() + "' isn't known here" + NearestName.hint(name.name(), scope.aliases())));
        String field = name.name();
        return frame -> frame.get(document) instanceof JsonObject object ? object.getOrNull(field) : null;
    }

    private static Evaluator member(Evaluator base, String name) {
        return frame -> base.evaluate(frame) instanceof JsonObject object ? object.getOrNull(name) : null;
    }

    private static Evaluator element(Evaluator base, Evaluator index) {
        return frame -> {
            JsonValue from = base.evaluate(frame);
            JsonValue at = index.evaluate(frame);
            if (from instanceof JsonArray array && at instanceof JsonNumber number) {
                OptionalLong whole = Numbers.exactLong(number);
                boolean inside = whole.isPresent() && whole.getAsLong() >= 0 && whole.getAsLong() < array.elements().size();
                return inside ? array.elements().get((int) whole.getAsLong()) : null;
            }
            return from instanceof JsonObject object && at instanceof JsonString name ? object.getOrNull(name.value()) : null;
        };
    }

    private Evaluator unary(Expression.Unary unary) {
        Evaluator operand = compile(unary.operand());
        return switch (unary.operator()) {
            case NOT -> frame -> Comparisons.not(operand.evaluate(frame));
            case MINUS -> frame -> {
                JsonValue value = operand.evaluate(frame);
                return value instanceof JsonNumber number ? Numbers.negate(number) : value == JsonNull.NULL ? value : null;
            };
        };
    }

    private static Evaluator binary(BinaryOperator operator, Evaluator left, Evaluator right) {
        return switch (operator) {
            case AND -> frame -> {
                JsonValue first = left.evaluate(frame);
                return first == JsonBoolean.FALSE ? first : Comparisons.and(first, right.evaluate(frame));
            };
            case OR -> frame -> {
                JsonValue first = left.evaluate(frame);
                return first == JsonBoolean.TRUE ? first : Comparisons.or(first, right.evaluate(frame));
            };
            case EQUAL, NOT_EQUAL, LESS, AT_MOST, GREATER, AT_LEAST ->
                frame -> Comparisons.compare(operator, left.evaluate(frame), right.evaluate(frame));
            case CONCAT, ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER -> frame -> {
                JsonValue a = left.evaluate(frame);
                JsonValue b = right.evaluate(frame);
                if (a == null || b == null) {
                    return null;
                } else if (a == JsonNull.NULL || b == JsonNull.NULL) {
                    return JsonNull.NULL;
                }
                return operator == BinaryOperator.CONCAT ? StringFunctions.concat(List.of(a, b)) : Numbers.calculate(operator, a, b);
            };
        };
    }

    private static Evaluator is(Evaluator operand, Expression.Is.Test test, boolean negated) {
        return switch (test) {
            case NULL -> frame -> JsonBoolean.of(operand.evaluate(frame) == JsonNull.NULL != negated);
            case MISSING -> frame -> JsonBoolean.of(operand.evaluate(frame) == null != negated);
            case DEFINED -> frame -> JsonBoolean.of(operand.evaluate(frame) != null != negated);
        };
    }

    private static Evaluator inList(Evaluator operand, List<Evaluator> elements, boolean negated) {
        return frame -> {
            List<@Nullable JsonValue> candidates = new ArrayList<>(elements.size());
            elements.forEach(element -> candidates.add(element.evaluate(frame)));
            return Comparisons.negatedIf(negated, Comparisons.isOneOf(operand.evaluate(frame), candidates));
        };
    }

    private static Evaluator inArray(Evaluator operand, Evaluator array, boolean negated) {
        return frame -> Comparisons.negatedIf(negated, Comparisons.isIn(operand.evaluate(frame), array.evaluate(frame)));
    }

    private Evaluator between(Expression.Between between) {
        Evaluator operand = compile(between.operand());
        Evaluator low = compile(between.low());
        Evaluator high = compile(between.high());
        return frame -> {
            JsonValue value = operand.evaluate(frame);
            JsonValue above = Comparisons.compare(BinaryOperator.AT_LEAST, value, low.evaluate(frame));
            JsonValue below = Comparisons.compare(BinaryOperator.AT_MOST, value, high.evaluate(frame));
            return Comparisons.negatedIf(between.negated(), Comparisons.and(above, below));
        };
    }

    private Evaluator like(Expression.Like like) {
        Evaluator operand = compile(like.operand());
        Evaluator pattern = compile(like.pattern());
        Evaluator escape = like.escape().map(this::compile).orElse(frame -> null);
        boolean hasEscape = like.escape().isPresent();
        return frame -> Comparisons.negatedIf(like.negated(),
                Comparisons.like(operand.evaluate(frame), pattern.evaluate(frame), escape.evaluate(frame), hasEscape));
    }

    private Evaluator call(Expression.Call call) {
        if (Aggregates.isAggregate(call.name())) {
            throw invalid(call, call.name() + " is an aggregate and can't stand here: SELECT, HAVING and ORDER BY take aggregates");
        }
        ScalarFunction function = Functions.find(call.name()).orElseThrow(() -> {
            List<String> names = new ArrayList<>(Functions.names());
            names.addAll(Aggregates.names());
            return invalid(call, "there is no function " + call.name() + NearestName.hint(call.name(), names));
        });
        int count = call.arguments().size();
        if (call.star() || call.distinct()) {
            throw invalid(call, function.name() + " is no aggregate: it takes neither * nor DISTINCT");
        } else if (count < function.least() || count > function.most()) {
            String wanted = function.most() == Integer.MAX_VALUE
                    ? "at least " + function.least()
                    : function.least() == function.most() ? "" + function.least() : function.least() + " to " + function.most();
            throw invalid(call, function.name() + " takes " + wanted + " arguments, not " + count);
        }
        readsClock[0] |= !function.stable();
        List<Evaluator> arguments = compileAll(call.arguments());
        return frame -> {
            List<@Nullable JsonValue> values = new ArrayList<>(arguments.size());
            arguments.forEach(argument -> values.add(argument.evaluate(frame)));
            return function.apply(values, frame);
        };
    }

    /** Missing elements are left out. */
    private static Evaluator arrayOf(List<Evaluator> elements) {
        return frame -> {
            List<JsonValue> values = new ArrayList<>(elements.size());
            for (Evaluator element : elements) {
                JsonValue value = element.evaluate(frame);
                if (value != null) {
                    values.add(value);
                }
            }
            return new JsonArray(values);
        };
    }

    /** Members whose value is missing are left out. */
    private Evaluator objectOf(Expression.ObjectOf object) {
        LinkedHashMap<String, Evaluator> members = new LinkedHashMap<>();
        object.fields().forEach(field -> {
            if (members.put(field.name(), compile(field.value())) != null) {
                throw invalid(object, "the member '" + field.name() + "' stands twice");
            }
        });
        return frame -> {
            LinkedHashMap<String, JsonValue> values = new LinkedHashMap<>();
            members.forEach((name, member) -> {
                JsonValue value = member.evaluate(frame);
                if (value != null) {
                    values.put(name, value);
                }
            });
            return new JsonObject(values);
        };
    }

    private Evaluator cases(Expression.Case cases) {
        List<Evaluator> conditions = cases.branches().stream().map(branch -> compile(branch.condition())).toList();
        List<Evaluator> values = cases.branches().stream().map(branch -> compile(branch.value())).toList();
        Evaluator otherwise = cases.otherwise().map(this::compile).orElse(frame -> JsonNull.NULL);
        return frame -> {
            for (int i = 0; i < conditions.size(); i++) {
                if (conditions.get(i).isTrue(frame)) {
                    return values.get(i).evaluate(frame);
                }
            }
            return otherwise.evaluate(frame);
        };
    }

    static AvilaError invalid(Expression expression, String what) {
        return new AvilaError(ErrorCode.QUERY_INVALID, "at " + expression.at() + ": " + what);
    }
}
