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
import org.antlr.v4.runtime.BaseErrorListener;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.LexerInterpreter;
import org.antlr.v4.runtime.ParserInterpreter;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Recognizer;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;
import org.antlr.v4.tool.Grammar;

/** Text to tree by the ANTLR grammar: slow, and obviously the grammar. */
final class OracleParser {
    private static final Map<String, BinaryOperator> OPERATORS = Map.ofEntries(Map.entry("=", BinaryOperator.EQUAL),
            Map.entry("==", BinaryOperator.EQUAL), Map.entry("!=", BinaryOperator.NOT_EQUAL), Map.entry("<>", BinaryOperator.NOT_EQUAL),
            Map.entry("<", BinaryOperator.LESS), Map.entry("<=", BinaryOperator.AT_MOST), Map.entry(">", BinaryOperator.GREATER),
            Map.entry(">=", BinaryOperator.AT_LEAST), Map.entry("||", BinaryOperator.CONCAT), Map.entry("+", BinaryOperator.ADD),
            Map.entry("-", BinaryOperator.SUBTRACT), Map.entry("*", BinaryOperator.MULTIPLY), Map.entry("/", BinaryOperator.DIVIDE),
            Map.entry("%", BinaryOperator.REMAINDER), Map.entry("AND", BinaryOperator.AND), Map.entry("OR", BinaryOperator.OR));

    private final Grammar grammar;

    OracleParser(Grammar grammar) {
        this.grammar = grammar;
    }

    Statement statement(String text) {
        LexerInterpreter lexer = grammar.createLexerInterpreter(CharStreams.fromString(text));
        ParserInterpreter parser = grammar.createParserInterpreter(new CommonTokenStream(lexer));
        BaseErrorListener failing = new BaseErrorListener() {
            @Override
            public void syntaxError(Recognizer<?, ?> recognizer, Object symbol, int line, int column, String message,
                    RecognitionException cause) {
                throw new IllegalArgumentException(line + ":" + column + " " + message);
            }
        };
        lexer.removeErrorListeners();
        lexer.addErrorListener(failing);
        parser.removeErrorListeners();
        parser.addErrorListener(failing);
        Node root = new Node(parser.parse(grammar.getRule("wholeStatement").index));
        Node body = root.child("select").or(() -> root.child("update")).or(() -> root.child("deletion")).orElseThrow();
        Statement statement = switch (body.rule()) {
            case "select" -> new Statement.Select(query(body));
            case "update" -> new Statement.Update(collection(body.the("collection")), body.all("assignment").map(this::assignment),
                    where(body));
            default -> new Statement.Delete(collection(body.the("collection")), where(body));
        };
        return root.has("EXPLAIN") ? new Statement.Explain(root.has("ANALYZE"), statement) : statement;
    }

    private Statement.Assignment assignment(Node node) {
        List<String> path = new ArrayList<>(List.of(node.the("name").name()));
        path.addAll(node.all("step").map(Node::name));
        return new Statement.Assignment(path, expression(node.the("expression")), node.at());
    }

    private Optional<Expression> where(Node node) {
        return inner(node, "where");
    }

    private Optional<Expression> inner(Node node, String clause) {
        return node.child(clause).map(found -> expression(found.the("expression")));
    }

    private Query query(Node node) {
        List<Query.Source> sources = new ArrayList<>();
        node.child("collection").ifPresent(found -> sources.add(collection(found)));
        node.child("element").ifPresent(found -> sources.add(element(found)));
        node.all("moreSources").forEach(more -> sources.add(element(more.the("element"))));
        Optional<Expression> top = node.child("top").map(found -> constant(found.nodes().get(1)));
        return new Query(projection(node.the("projection")), node.has("DISTINCT"), sources, inner(node, "asOf"), where(node),
                node.child("groupBy").map(found -> found.all("expression").map(this::expression)).orElse(List.of()), inner(node, "having"),
                node.child("orderBy").map(found -> found.all("order").map(this::order)).orElse(List.of()),
                inner(node, "limit").or(() -> top),
                inner(node, "offset"), node.at());
    }

    private Query.Order order(Node node) {
        return new Query.Order(expression(node.the("expression")), node.has("DESC"));
    }

    private Query.Projection projection(Node node) {
        if (node.has("VALUE")) {
            return new Query.Single(expression(node.the("expression")));
        }
        return new Query.Items(node.the("items").all("item").map(item -> item.has("*")
                ? new Query.Star(item.at())
                : new Query.Column(expression(item.the("expression")), item.child("name").map(Node::name))));
    }

    private static Query.CollectionSource collection(Node node) {
        return new Query.CollectionSource(node.the("name").name(), alias(node), node.at());
    }

    private Query.ElementSource element(Node node) {
        Optional<String> name = node.child("name").map(Node::name).or(() -> alias(node));
        return new Query.ElementSource(operand(node.the("operand")), name, node.at());
    }

    private static Optional<String> alias(Node node) {
        return node.child("alias").map(found -> found.child("aliasName").or(() -> found.child("bareAlias")).orElseThrow().name());
    }

    private Expression expression(Node node) {
        return chain(node, this::conjunction);
    }

    private Expression conjunction(Node node) {
        return chain(node, this::negation);
    }

    private Expression operand(Node node) {
        return chain(node, sum -> chain(sum, product -> chain(product, this::factor)));
    }

    /** {@code a op b op c}, from the left. */
    private static Expression chain(Node node, java.util.function.Function<Node, Expression> part) {
        List<Node> nodes = node.nodes();
        Expression left = part.apply(nodes.get(0));
        for (int i = 1; i < nodes.size(); i += 2) {
            left = new Expression.Binary(operator(nodes.get(i)), left, part.apply(nodes.get(i + 1)), nodes.get(i).at());
        }
        return left;
    }

    private static BinaryOperator operator(Node node) {
        return java.util.Objects.requireNonNull(OPERATORS.get(node.text().toUpperCase(java.util.Locale.ROOT)));
    }

    private Expression negation(Node node) {
        return node.has("NOT")
                ? new Expression.Unary(Expression.UnaryOperator.NOT, negation(node.the("negation")), node.at())
                : comparison(node.the("comparison"));
    }

    private Expression factor(Node node) {
        return node.has("-")
                ? new Expression.Unary(Expression.UnaryOperator.MINUS, factor(node.the("factor")), node.at())
                : path(node.the("path"));
    }

    private Expression comparison(Node node) {
        List<Node> nodes = node.nodes();
        Expression left = operand(nodes.get(0));
        if (nodes.size() == 1) {
            return left;
        }
        Node test = nodes.get(1);
        boolean negated = test.has("NOT");
        Position at = test.at();
        return switch (test.rule()) {
            case "compared" -> new Expression.Binary(operator(test.nodes().get(0)), left, operand(test.nodes().get(1)), at);
            case "isTest" -> new Expression.Is(left, test.has("NULL")
                    ? Expression.Is.Test.NULL
                    : test.has("MISSING") ? Expression.Is.Test.MISSING : Expression.Is.Test.DEFINED, negated, at);
            case "inList" -> new Expression.InList(left, test.all("expression").map(this::expression), negated, at);
            case "inArray" -> new Expression.InArray(left, path(test.the("plainPath")), negated, at);
            case "between" ->
                new Expression.Between(left, operand(test.all("operand").get(0)), operand(test.all("operand").get(1)), negated,
                        at);
            default -> new Expression.Like(left, operand(test.all("operand").get(0)), test.has("ESCAPE")
                    ? Optional.of(operand(test.all("operand").get(1)))
                    : Optional.empty(), negated, at);
        };
    }

    private Expression path(Node node) {
        Expression base = primary(node.nodes().get(0));
        for (Node step : node.all("pathStep").list()) {
            base = step.has(".")
                    ? new Expression.Member(base, step.the("step").name(), step.at())
                    : new Expression.Element(base, expression(step.the("expression")), step.at());
        }
        return base;
    }

    private Expression primary(Node node) {
        Node first = node.nodes().get(0);
        return switch (first.rule()) {
            case "plainPrimary" -> primary(first);
            case "fieldName" -> new Expression.Name(first.name(), first.at());
            case "call" -> new Expression.Call(first.the("callName").name(), first.has("DISTINCT"), first.has("*"),
                    first.all("expression").map(this::expression), first.at());
            case "array" -> new Expression.ArrayOf(first.all("expression").map(this::expression), first.at());
            case "object" -> new Expression.ObjectOf(first.all("field").map(this::field), first.at());
            case "caseWhen" -> new Expression.Case(first.all("branch").map(branch -> new Expression.Case.Branch(
                    expression(branch.all("expression").get(0)), expression(branch.all("expression").get(1)))), first.child("expression")
                            .map(this::expression),
                    first.at());
            case "exists" -> new Expression.Exists(query(first.the("subquery")), first.at());
            case "arrayQuery" -> new Expression.ArrayQuery(query(first.the("subquery")), first.at());
            default -> node.has("(") ? expression(node.the("expression")) : constant(first);
        };
    }

    private Expression.ObjectOf.Field field(Node node) {
        String name = node.child("step").map(Node::name).orElseGet(() -> unquoted(node.nodes().get(0).text()));
        return new Expression.ObjectOf.Field(name, expression(node.the("expression")));
    }

    private static Expression constant(Node token) {
        String text = token.text();
        if (text.startsWith("@")) {
            return new Expression.Parameter(text.substring(1), token.at());
        }
        JsonValue value = switch (text.toUpperCase(java.util.Locale.ROOT)) {
            case "NULL" -> JsonNull.NULL;
            case "TRUE" -> JsonBoolean.TRUE;
            case "FALSE" -> JsonBoolean.FALSE;
            default -> text.startsWith("'") ? new JsonString(unquoted(text)) : new JsonNumber(text);
        };
        return new Expression.Literal(value, token.at());
    }

    private static String unquoted(String text) {
        char quote = text.charAt(0);
        return quote != '\'' && quote != '`' ? text : text.substring(1, text.length() - 1).replace("" + quote + quote, "" + quote);
    }

    /** Nodes in order. */
    private record Nodes(List<Node> list) {
        <T> List<T> map(java.util.function.Function<Node, T> function) {
            return list.stream().map(function).toList();
        }

        void forEach(java.util.function.Consumer<Node> action) {
            list.forEach(action);
        }

        Node get(int index) {
            return list.get(index);
        }
    }

    /** A parse tree's node by the names of its rules. */
    private final class Node {
        private final ParseTree tree;

        Node(ParseTree tree) {
            this.tree = tree;
        }

        /** The empty string for a token. */
        String rule() {
            return tree instanceof ParserRuleContext context ? grammar.getRule(context.getRuleIndex()).name : "";
        }

        String text() {
            return tree.getText();
        }

        String name() {
            return unquoted(text());
        }

        Position at() {
            ParseTree first = tree;
            while (!(first instanceof TerminalNode)) {
                first = first.getChild(0);
            }
            var token = ((TerminalNode) first).getSymbol();
            return new Position(token.getLine(), token.getCharPositionInLine() + 1);
        }

        List<Node> nodes() {
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < tree.getChildCount(); i++) {
                nodes.add(new Node(tree.getChild(i)));
            }
            return nodes;
        }

        Nodes all(String rule) {
            return new Nodes(nodes().stream().filter(node -> node.rule().equals(rule)).toList());
        }

        Optional<Node> child(String rule) {
            return all(rule).list().stream().findFirst();
        }

        Node the(String rule) {
            return child(rule).orElseThrow(() -> new IllegalStateException("no " + rule + " in " + text()));
        }

        /** Whether a direct child is the token. */
        boolean has(String token) {
            return nodes().stream().anyMatch(node -> node.rule().isEmpty() && node.text().equalsIgnoreCase(token));
        }
    }
}
