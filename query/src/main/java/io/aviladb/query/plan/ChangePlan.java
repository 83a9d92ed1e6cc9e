package io.aviladb.query.plan;

import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.ExpressionCompiler;
import io.aviladb.query.eval.Scope;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Position;
import io.aviladb.query.language.Printer;
import io.aviladb.query.language.Query;
import io.aviladb.query.language.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * An update or delete by condition, ready to run.
 *
 * @param slots of a frame; slot {@code document} holds the document
 * @param alias of the collection in the condition
 * @param condition as it was written
 * @param changes what is done to each document; empty for a delete
 * @param parameters names that need values
 */
public record ChangePlan(int slots, int document, KeyConditions keys, Evaluator where, Optional<String> alias,
        Optional<Expression> condition, List<Change> changes, Set<String> parameters) {
    public ChangePlan {
        changes = List.copyOf(changes);
        parameters = Set.copyOf(parameters);
    }

    /** Whether there is a condition at all. */
    public boolean conditional() {
        return condition.isPresent();
    }

    public boolean deletes() {
        return changes.isEmpty();
    }

    /** The query of the documents that the condition accepts. @param value what it gives for each, or of all: {@code TRUE}, {@code COUNT(*)} */
    public String selection(String collection, String value) {
        return "SELECT VALUE " + value + " FROM " + Printer.quoted(collection) + alias.map(name -> " AS " + Printer.quoted(name)).orElse("")
                + condition.map(where -> " WHERE " + Printer.text(where)).orElse("");
    }

    /** How it runs. @param selection the plan of {@link #selection} */
    public PlanNode explained(PlanNode selection) {
        Map<String, String> done = new TreeMap<>();
        for (Change change : changes) {
            done.merge(change instanceof Increment ? "increments" : "sets", String.join(".", change.path()), (a, b) -> a + ", " + b);
        }
        return selection.under(deletes() ? "Delete" : "Update", done);
    }

    /** One change of a document. */
    public sealed interface Change {
        List<String> path();
    }

    /** The member becomes the value, or goes where the value is missing. */
    public record Assign(List<String> path, Evaluator value) implements Change {}

    /** The number is added by an operation that concurrent ones don't overwrite. */
    public record Increment(List<String> path, Evaluator amount) implements Change {}

    /** @throws AvilaError {@code QUERY_INVALID} */
    public static ChangePlan update(Statement.Update update, PartitionStrategy strategy) {
        Builder builder = new Builder(strategy, update.from().alias());
        List<Change> changes = update.assignments().stream().map(builder::change).toList();
        return builder.plan(update.where(), changes);
    }

    /** @throws AvilaError {@code QUERY_INVALID} */
    public static ChangePlan delete(Query.CollectionSource from, Optional<Expression> where, PartitionStrategy strategy) {
        return new Builder(strategy, from.alias()).plan(where, List.of());
    }

    /** A delete whose condition came by itself. @throws AvilaError {@code QUERY_INVALID} */
    public static ChangePlan delete(Optional<Expression> where, PartitionStrategy strategy) {
        return new Builder(strategy, Optional.empty()).plan(where, List.of());
    }

    /** An update whose changes are constants. @throws AvilaError {@code QUERY_INVALID} */
    public static ChangePlan update(Optional<Expression> where, List<Change> changes, PartitionStrategy strategy) {
        return new Builder(strategy, Optional.empty()).plan(where, changes);
    }

    private static final class Builder {
        private final PartitionStrategy strategy;
        private final Optional<String> alias;
        private final Scope scope = new Scope();
        private final ExpressionCompiler compiler = new ExpressionCompiler(scope);
        private final int document;

        Builder(PartitionStrategy strategy, Optional<String> alias) {
            this.strategy = strategy;
            this.alias = alias;
            this.document = scope.document("");
            alias.ifPresent(name -> scope.alias(name, document, Position.NONE));
        }

        ChangePlan plan(Optional<Expression> where, List<Change> changes) {
            Evaluator condition = where.map(compiler::compile).orElse(frame -> JsonBoolean.TRUE);
            KeyConditions keys = KeyConditions.of(strategy, where.map(Walk::conjuncts).orElse(List.of()), alias, List.of(), compiler);
            return new ChangePlan(scope.slots(), document, keys, condition, alias, where, changes, compiler.parameters());
        }

        /** {@code SET x = x + constant} is an increment, not a read and a write. */
        Change change(Statement.Assignment assignment) {
            List<String> path = assignment.path();
            if (path.size() > 1 && alias.filter(path.get(0)::equals).isPresent()) {
                path = path.subList(1, path.size());
            }
            boolean sum = assignment.value() instanceof Expression.Binary binary
                    && (binary.operator() == Expression.BinaryOperator.ADD || binary.operator() == Expression.BinaryOperator.SUBTRACT)
                    && isPath(binary.left(), path)
                    && (binary.right() instanceof Expression.Literal || binary.right() instanceof Expression.Parameter);
            if (sum && assignment.value() instanceof Expression.Binary binary) {
                Expression amount = binary.operator() == Expression.BinaryOperator.ADD
                        ? binary.right()
                        : new Expression.Unary(Expression.UnaryOperator.MINUS, binary.right(), binary.at());
                return new Increment(path, compiler.compile(amount));
            }
            return new Assign(path, compiler.compile(assignment.value()));
        }

        private boolean isPath(Expression expression, List<String> path) {
            List<String> names = new ArrayList<>(path);
            String plain = printed(names);
            names.add(0, alias.orElse(""));
            String text = Printer.text(expression);
            return text.equals(plain) || alias.isPresent() && text.equals(printed(names));
        }

        private static String printed(List<String> names) {
            Expression path = new Expression.Name(names.get(0), Position.NONE);
            for (String name : names.subList(1, names.size())) {
                path = new Expression.Member(path, name, Position.NONE);
            }
            return Printer.text(path);
        }
    }
}
