package io.aviladb.query.language;

import io.aviladb.core.document.JsonNumber;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Statements by recursive descent: one method for each clause. */
final class StatementParser {
    private final TokenStream in;
    private final ExpressionParser expressions;

    StatementParser(TokenStream in) {
        this.in = in;
        this.expressions = new ExpressionParser(in, () -> select(true));
    }

    Statement statement() {
        Statement statement = oneStatement();
        in.takeSymbol(";");
        expectEnd("the end of the statement");
        return statement;
    }

    Expression wholeExpression() {
        Expression expression = expressions.expression();
        expectEnd("an operator or the end of the text");
        return expression;
    }

    private void expectEnd(String what) {
        if (in.peek().kind() != Token.Kind.END) {
            throw in.expected(what);
        }
    }

    private Statement oneStatement() {
        if (in.takeWord("EXPLAIN")) {
            boolean analyze = in.takeWord("ANALYZE");
            return new Statement.Explain(analyze, explained());
        }
        return explained();
    }

    private Statement explained() {
        if (in.peek().isWord("SELECT")) {
            return new Statement.Select(select(false));
        } else if (in.takeWord("UPDATE")) {
            return update();
        } else if (in.takeWord("DELETE")) {
            in.expectWord("FROM");
            Query.CollectionSource from = collection();
            return new Statement.Delete(from, where());
        }
        throw in.expected("SELECT, UPDATE, DELETE or EXPLAIN");
    }

    private Statement update() {
        Query.CollectionSource from = collection();
        in.expectWord("SET");
        List<Statement.Assignment> assignments = new ArrayList<>();
        do {
            assignments.add(assignment());
            in.checkElements(assignments);
        } while (in.takeSymbol(","));
        return new Statement.Update(from, assignments, where());
    }

    private Statement.Assignment assignment() {
        Position at = in.at();
        List<String> path = new ArrayList<>();
        path.add(in.expectName("a field's name"));
        while (in.takeSymbol(".")) {
            in.countOperator();
            path.add(expressions.step());
        }
        in.expectSymbol("=");
        return new Statement.Assignment(path, expressions.expression(), at);
    }

    /** @param nested whether its FROM names arrays of the row around it instead of a collection */
    private Query select(boolean nested) {
        Position at = in.at();
        in.expectWord("SELECT");
        boolean distinct = in.takeWord("DISTINCT");
        Expression top = top();
        Query.Projection projection = projection();
        in.expectWord("FROM");
        List<Query.Source> sources = sources(nested);
        Optional<Expression> asOf = in.takeWords("AS", "OF") ? Optional.of(expressions.expression()) : Optional.empty();
        Optional<Expression> where = where();
        List<Expression> groupBy = in.takeWords("GROUP", "BY") ? groups() : List.of();
        Optional<Expression> having = clause("HAVING");
        List<Query.Order> orderBy = in.takeWords("ORDER", "BY") ? orders() : List.of();
        Position limitAt = in.at();
        Optional<Expression> limit = clause("LIMIT");
        if (limit.isPresent() && top != null) {
            throw in.error(limitAt, "TOP and LIMIT say the same: keep one of them");
        }
        Optional<Expression> offset = clause("OFFSET");
        return new Query(projection, distinct, sources, asOf, where, groupBy, having, orderBy, limit.or(() -> Optional.ofNullable(top)),
                offset, at);
    }

    private Optional<Expression> where() {
        return clause("WHERE");
    }

    private Optional<Expression> clause(String keyword) {
        return in.takeWord(keyword) ? Optional.of(expressions.expression()) : Optional.empty();
    }

    /** TOP is a keyword before a number or a parameter, a field's name elsewhere. */
    private @Nullable Expression top() {
        Token count = in.ahead(1);
        if (!in.peek().isWord("TOP") || count.kind() != Token.Kind.NUMBER && count.kind() != Token.Kind.PARAMETER) {
            return null;
        }
        in.take();
        in.take();
        if (count.kind() == Token.Kind.NUMBER) {
            return new Expression.Literal(new JsonNumber(count.text()), count.at());
        }
        in.countParameter(count.text());
        return new Expression.Parameter(count.text(), count.at());
    }

    private Query.Projection projection() {
        if (in.peek().isWord("VALUE") && operandFollows()) {
            in.take();
            return new Query.Single(expressions.expression());
        }
        List<Query.Item> items = new ArrayList<>();
        do {
            items.add(item());
            in.checkElements(items);
        } while (in.takeSymbol(","));
        return new Query.Items(items);
    }

    /** Whether an operand begins after VALUE that can't go on an expression instead: {@code SELECT value - 1} is about a field. */
    private boolean operandFollows() {
        Token token = in.ahead(1);
        return switch (token.kind()) {
            case QUOTED_NAME, STRING, NUMBER, PARAMETER -> true;
            case SYMBOL -> token.isSymbol("(") || token.isSymbol("{") || token.isSymbol("[") && isArray();
            case WORD -> token.isWord("NOT")
                    ? !in.ahead(2).isWord("IN") && !in.ahead(2).isWord("LIKE") && !in.ahead(2).isWord("BETWEEN")
                    : !Keywords.isReserved(token.text()) || token.isWord("NULL") || token.isWord("TRUE") || token.isWord("FALSE");
            case END -> false;
        };
    }

    /** Whether the bracket after VALUE holds none or several expressions: one is an index, {@code SELECT value[0]}. */
    private boolean isArray() {
        int depth = 0;
        for (int i = 1;; i++) {
            Token token = in.ahead(i);
            if (token.isSymbol("[") || token.isSymbol("(") || token.isSymbol("{")) {
                depth++;
            } else if (token.isSymbol("]") || token.isSymbol(")") || token.isSymbol("}")) {
                depth--;
            }
            if (depth == 0 || token.kind() == Token.Kind.END) {
                return i == 2;
            } else if (depth == 1 && token.isSymbol(",")) {
                return true;
            }
        }
    }

    private Query.Item item() {
        Position at = in.at();
        if (in.takeSymbol("*")) {
            return new Query.Star(at);
        }
        Expression value = expressions.expression();
        return new Query.Column(value, in.takeWord("AS") ? Optional.of(in.expectName("a column's name")) : Optional.empty());
    }

    private List<Query.Source> sources(boolean nested) {
        List<Query.Source> sources = new ArrayList<>();
        sources.add(nested ? element() : collection());
        while (true) {
            if (!in.takeSymbol(",") && !in.takeWord("JOIN")) {
                in.checkElements(sources);
                return sources;
            }
            sources.add(element());
        }
    }

    private Query.CollectionSource collection() {
        Position at = in.at();
        String name = in.expectName("a collection's name");
        return new Query.CollectionSource(name, alias(), at);
    }

    /** {@code name IN array}, {@code UNNEST(array) [AS] name}, or {@code array [AS] name}. */
    private Query.ElementSource element() {
        Position at = in.at();
        Token first = in.peek();
        boolean isName = first.kind() == Token.Kind.QUOTED_NAME || first.kind() == Token.Kind.WORD && !Keywords.isReserved(first.text());
        if (isName && in.ahead(1).isWord("IN")) {
            in.take();
            in.take();
            return new Query.ElementSource(expressions.operand(), Optional.of(first.text()), at);
        } else if (first.isWord("UNNEST") && in.ahead(1).isSymbol("(")) {
            in.take();
            in.take();
            Expression array = expressions.operand();
            in.expectSymbol(")");
            return new Query.ElementSource(array, alias(), at);
        }
        return new Query.ElementSource(expressions.operand(), alias(), at);
    }

    private Optional<String> alias() {
        Token word = in.peek();
        if (word.isWord("AS") && !in.ahead(1).isWord("OF")) {
            in.take();
            return Optional.of(in.expectName("an alias"));
        }
        boolean clause = word.isWord("AS") || word.kind() == Token.Kind.WORD && !Keywords.isBareAlias(word.text());
        boolean named = word.kind() == Token.Kind.QUOTED_NAME || word.kind() == Token.Kind.WORD;
        return named && !clause ? Optional.of(in.take().text()) : Optional.empty();
    }

    private List<Expression> groups() {
        List<Expression> groups = new ArrayList<>();
        do {
            groups.add(expressions.expression());
            in.checkElements(groups);
        } while (in.takeSymbol(","));
        return groups;
    }

    private List<Query.Order> orders() {
        List<Query.Order> orders = new ArrayList<>();
        do {
            Expression key = expressions.expression();
            boolean descending = in.takeWord("DESC");
            if (!descending) {
                in.takeWord("ASC");
            }
            orders.add(new Query.Order(key, descending));
            in.checkElements(orders);
        } while (in.takeSymbol(","));
        return orders;
    }
}
