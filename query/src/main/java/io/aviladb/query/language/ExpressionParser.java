package io.aviladb.query.language;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.language.Expression.BinaryOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Expressions by operator precedence (Pratt): OR, AND, NOT, comparison (doesn't chain), ||, + -, * / %, unary minus, path. */
final class ExpressionParser {
    private static final int ANY = 0;
    private static final int NOT_POWER = 3;
    private static final int COMPARISON_POWER = 4;
    private static final int MINUS_POWER = 8;

    private static final Map<String, BinaryOperator> SYMBOLS = Map.ofEntries(Map.entry("=", BinaryOperator.EQUAL),
            Map.entry("==", BinaryOperator.EQUAL), Map.entry("!=", BinaryOperator.NOT_EQUAL), Map.entry("<>", BinaryOperator.NOT_EQUAL),
            Map.entry("<", BinaryOperator.LESS), Map.entry("<=", BinaryOperator.AT_MOST), Map.entry(">", BinaryOperator.GREATER),
            Map.entry(">=", BinaryOperator.AT_LEAST), Map.entry("||", BinaryOperator.CONCAT), Map.entry("+", BinaryOperator.ADD),
            Map.entry("-", BinaryOperator.SUBTRACT), Map.entry("*", BinaryOperator.MULTIPLY), Map.entry("/", BinaryOperator.DIVIDE),
            Map.entry("%", BinaryOperator.REMAINDER));

    private final TokenStream in;
    private final Supplier<Query> subquery;

    /** @param subquery reads a SELECT whose first word is next */
    ExpressionParser(TokenStream in, Supplier<Query> subquery) {
        this.in = in;
        this.subquery = subquery;
    }

    Expression expression() {
        return expression(ANY);
    }

    /** An expression without AND, OR, NOT and comparisons, unless in brackets. */
    Expression operand() {
        return expression(COMPARISON_POWER);
    }

    /** Reads as long as what follows binds tighter than the power. */
    private Expression expression(int power) {
        in.enter();
        Expression left = prefix();
        boolean compared = false;
        while (true) {
            BinaryOperator operator = operator(in.peek());
            int next = operator != null ? operator.power() : isComparisonWord() ? COMPARISON_POWER : ANY;
            if (next <= power) {
                in.leave();
                return left;
            }
            if (next >= COMPARISON_POWER && compared) {
                throw in.error(in.at(), "nothing can follow a comparison but AND and OR: comparisons don't chain; write parentheses");
            }
            compared = next == COMPARISON_POWER;
            in.countOperator();
            left = operator != null ? binary(left, operator) : comparison(left);
        }
    }

    private static @Nullable BinaryOperator operator(Token token) {
        return switch (token.kind()) {
            case SYMBOL -> SYMBOLS.get(token.text());
            case WORD -> token.isWord("AND") ? BinaryOperator.AND : token.isWord("OR") ? BinaryOperator.OR : null;
            case QUOTED_NAME, STRING, NUMBER, PARAMETER, END -> null;
        };
    }

    private boolean isComparisonWord() {
        Token word = in.peek().isWord("NOT") ? in.ahead(1) : in.peek();
        return word.isWord("IN") || word.isWord("LIKE") || word.isWord("BETWEEN") || in.peek().isWord("IS");
    }

    private Expression binary(Expression left, BinaryOperator operator) {
        Position at = in.take().at();
        return new Expression.Binary(operator, left, expression(operator.power()), at);
    }

    /** IS, and IN, LIKE and BETWEEN with or without NOT. */
    private Expression comparison(Expression operand) {
        Position at = in.at();
        if (in.takeWord("IS")) {
            return is(operand, at);
        }
        boolean negated = in.takeWord("NOT");
        if (in.takeWord("IN")) {
            return in(operand, negated, at);
        } else if (in.takeWord("LIKE")) {
            Expression pattern = expression(COMPARISON_POWER);
            Optional<Expression> escape = in.takeWord("ESCAPE") ? Optional.of(expression(COMPARISON_POWER)) : Optional.empty();
            return new Expression.Like(operand, pattern, escape, negated, at);
        }
        in.expectWord("BETWEEN");
        Expression low = expression(COMPARISON_POWER);
        in.expectWord("AND");
        return new Expression.Between(operand, low, expression(COMPARISON_POWER), negated, at);
    }

    private Expression is(Expression operand, Position at) {
        boolean negated = in.takeWord("NOT");
        for (Expression.Is.Test test : Expression.Is.Test.values()) {
            if (in.takeWord(test.name())) {
                return new Expression.Is(operand, test, negated, at);
            }
        }
        throw in.expected("NULL, MISSING or DEFINED");
    }

    private Expression in(Expression operand, boolean negated, Position at) {
        if (!in.takeSymbol("(")) {
            return new Expression.InArray(operand, operand(), negated, at);
        }
        List<Expression> elements = list(")", stream -> expression());
        if (elements.isEmpty()) {
            throw in.error(at, "IN needs at least one value");
        }
        return new Expression.InList(operand, elements, negated, at);
    }

    /** What follows an opening bracket, up to and with the closing one. */
    private <T> List<T> list(String closing, Function<TokenStream, T> element) {
        List<T> elements = new ArrayList<>();
        if (in.takeSymbol(closing)) {
            return elements;
        }
        do {
            elements.add(element.apply(in));
            in.checkElements(elements);
        } while (in.takeSymbol(","));
        if (!in.takeSymbol(closing)) {
            throw in.expected("',' or '" + closing + "'");
        }
        return elements;
    }

    private Expression prefix() {
        Token token = in.peek();
        if (token.isWord("NOT")) {
            in.take();
            in.countOperator();
            return new Expression.Unary(Expression.UnaryOperator.NOT, expression(NOT_POWER - 1), token.at());
        } else if (token.isSymbol("-")) {
            in.take();
            in.countOperator();
            return new Expression.Unary(Expression.UnaryOperator.MINUS, expression(MINUS_POWER), token.at());
        }
        return steps(primary(token));
    }

    private Expression steps(Expression primary) {
        Expression base = primary;
        while (true) {
            Position at = in.at();
            if (in.takeSymbol(".")) {
                base = new Expression.Member(base, step(), at);
            } else if (in.takeSymbol("[")) {
                Expression index = expression();
                in.expectSymbol("]");
                base = new Expression.Element(base, index, at);
            } else {
                return base;
            }
            in.countOperator();
        }
    }

    /** After a dot every word is a name. */
    String step() {
        Token token = in.peek();
        if (token.kind() != Token.Kind.WORD && token.kind() != Token.Kind.QUOTED_NAME) {
            throw in.expected("a field's name");
        }
        return in.take().text();
    }

    private Expression primary(Token token) {
        return switch (token.kind()) {
            case NUMBER -> literal(new JsonNumber(token.text()));
            case STRING -> literal(new JsonString(token.text()));
            case PARAMETER -> {
                in.countParameter(token.text());
                yield new Expression.Parameter(in.take().text(), token.at());
            }
            case QUOTED_NAME -> new Expression.Name(in.take().text(), token.at());
            case WORD -> word(token);
            case SYMBOL -> bracket(token);
            case END -> throw in.expected("expression");
        };
    }

    private Expression literal(JsonValue value) {
        return new Expression.Literal(value, in.take().at());
    }

    private Expression word(Token word) {
        boolean opens = in.ahead(1).isSymbol("(");
        if (word.isWord("NULL")) {
            return literal(JsonNull.NULL);
        } else if (word.isWord("TRUE") || word.isWord("FALSE")) {
            return literal(JsonBoolean.of(word.isWord("TRUE")));
        } else if (Keywords.isReserved(word.text())) {
            throw in.expected("expression");
        } else if (word.isWord("CASE") && in.ahead(1).isWord("WHEN")) {
            return caseWhen();
        } else if (opens && in.ahead(2).isWord("SELECT") && (word.isWord("EXISTS") || word.isWord("ARRAY"))) {
            return subquery(word);
        } else if (opens) {
            return call();
        }
        in.take();
        return new Expression.Name(word.text(), word.at());
    }

    private Expression subquery(Token word) {
        in.take();
        in.take();
        in.enter();
        Query query = subquery.get();
        in.leave();
        in.expectSymbol(")");
        return word.isWord("EXISTS") ? new Expression.Exists(query, word.at()) : new Expression.ArrayQuery(query, word.at());
    }

    private Expression call() {
        Token name = in.take();
        in.expectSymbol("(");
        if (in.peek().isSymbol("*") && in.ahead(1).isSymbol(")")) {
            in.take();
            in.take();
            return new Expression.Call(name.text(), false, true, List.of(), name.at());
        }
        boolean distinct = in.takeWord("DISTINCT");
        return new Expression.Call(name.text(), distinct, false, list(")", stream -> expression()), name.at());
    }

    private Expression caseWhen() {
        Position at = in.take().at();
        List<Expression.Case.Branch> branches = new ArrayList<>();
        while (in.takeWord("WHEN")) {
            Expression condition = expression();
            in.expectWord("THEN");
            branches.add(new Expression.Case.Branch(condition, expression()));
            in.checkElements(branches);
        }
        Optional<Expression> otherwise = in.takeWord("ELSE") ? Optional.of(expression()) : Optional.empty();
        in.expectWord("END");
        return new Expression.Case(branches, otherwise, at);
    }

    private Expression bracket(Token token) {
        if (in.takeSymbol("(")) {
            Expression inner = expression();
            in.expectSymbol(")");
            return inner;
        } else if (in.takeSymbol("[")) {
            return new Expression.ArrayOf(list("]", stream -> expression()), token.at());
        } else if (in.takeSymbol("{")) {
            return new Expression.ObjectOf(list("}", stream -> field()), token.at());
        }
        throw in.expected("expression");
    }

    /** {@code 'name': value}, or {@code name: value}. */
    private Expression.ObjectOf.Field field() {
        Token name = in.peek();
        boolean named = name.kind() == Token.Kind.WORD || name.kind() == Token.Kind.QUOTED_NAME || name.kind() == Token.Kind.STRING;
        if (!named) {
            throw in.expected("a member's name");
        }
        in.take();
        in.expectSymbol(":");
        return new Expression.ObjectOf.Field(name.text(), expression());
    }
}
