package io.aviladb.query.language;

import io.aviladb.core.document.JsonValue;
import java.util.List;
import java.util.Optional;

/** What can be computed. Parentheses leave no trace. */
public sealed interface Expression {
    Position at();

    /** null, true, false, a number or a string. */
    record Literal(JsonValue value, Position at) implements Expression {}

    /** {@code @name}: a value that travels beside the text. */
    record Parameter(String name, Position at) implements Expression {}

    /** The first step of a path: an alias where there is one of this name, else a field of the document. */
    record Name(String name, Position at) implements Expression {}

    /** {@code base.name}. */
    record Member(Expression base, String name, Position at) implements Expression {}

    /** {@code base[index]}: an array's element from 0, or an object's member. */
    record Element(Expression base, Expression index, Position at) implements Expression {}

    record Unary(UnaryOperator operator, Expression operand, Position at) implements Expression {}

    record Binary(BinaryOperator operator, Expression left, Expression right, Position at) implements Expression {}

    /** {@code operand IS [NOT] NULL}, {@code MISSING} or {@code DEFINED}. */
    record Is(Expression operand, Test test, boolean negated, Position at) implements Expression {
        /** What can be asked of a value. */
        public enum Test {
            NULL, MISSING, DEFINED
        }
    }

    /** {@code operand [NOT] IN (a, b)}. */
    record InList(Expression operand, List<Expression> elements, boolean negated, Position at) implements Expression {
        public InList {
            elements = List.copyOf(elements);
        }
    }

    /** {@code operand [NOT] IN array}. */
    record InArray(Expression operand, Expression array, boolean negated, Position at) implements Expression {}

    record Between(Expression operand, Expression low, Expression high, boolean negated, Position at) implements Expression {}

    /** {@code %} stands for any characters, {@code _} for one; the escape takes the meaning from the one that follows. */
    record Like(Expression operand, Expression pattern, Optional<Expression> escape, boolean negated, Position at) implements Expression {}

    /** A function or an aggregate. {@code COUNT(*)} has {@code star} and no arguments. */
    record Call(String name, boolean distinct, boolean star, List<Expression> arguments, Position at) implements Expression {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    record ArrayOf(List<Expression> elements, Position at) implements Expression {
        public ArrayOf {
            elements = List.copyOf(elements);
        }
    }

    record ObjectOf(List<Field> fields, Position at) implements Expression {
        public ObjectOf {
            fields = List.copyOf(fields);
        }

        /** One member. */
        public record Field(String name, Expression value) {}
    }

    /** {@code CASE WHEN … THEN … [ELSE …] END}. */
    record Case(List<Branch> branches, Optional<Expression> otherwise, Position at) implements Expression {
        public Case {
            branches = List.copyOf(branches);
        }

        /** The first whose condition is true counts. */
        public record Branch(Expression condition, Expression value) {}
    }

    /** Whether the subquery has a row. */
    record Exists(Query query, Position at) implements Expression {}

    /** The subquery's rows as an array. */
    record ArrayQuery(Query query, Position at) implements Expression {}

    /** Operators before one operand. */
    enum UnaryOperator {
        NOT("NOT "), MINUS("-");

        private final String symbol;

        UnaryOperator(String symbol) {
            this.symbol = symbol;
        }

        public String symbol() {
            return symbol;
        }
    }

    /** Operators between two operands, by how tightly they bind: a higher number binds tighter. */
    enum BinaryOperator {
        OR("OR", 1),
        AND("AND", 2),
        EQUAL("=", 4),
        NOT_EQUAL("!=", 4),
        LESS("<", 4),
        AT_MOST("<=", 4),
        GREATER(">", 4),
        AT_LEAST(">=", 4),
        CONCAT("||", 5),
        ADD("+", 6),
        SUBTRACT("-", 6),
        MULTIPLY("*", 7),
        DIVIDE("/", 7),
        REMAINDER("%", 7);

        private final String symbol;
        private final int power;

        BinaryOperator(String symbol, int power) {
            this.symbol = symbol;
            this.power = power;
        }

        public String symbol() {
            return symbol;
        }

        int power() {
            return power;
        }
    }
}
