package io.aviladb.query.plan;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.ExpressionCompiler;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.eval.Scope;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Printer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a condition says of keys: the constants that it equates with levels of the partition key, the first ones without a gap, and with the
 * id. Only conjuncts of the form {@code path = constant} count, so that the interval holds all that the condition accepts.
 */
public final class KeyConditions {
    private final PartitionStrategy strategy;
    private final List<Evaluator> prefix = new ArrayList<>();
    private final Map<String, String> shown = new LinkedHashMap<>();
    private @Nullable Evaluator id;

    /** How documents are reached. */
    public enum Access {
        /** One key. */
        POINT,
        /** The keys with a prefix. */
        PREFIX,
        /** All keys of the collection. */
        SCAN
    }

    private KeyConditions(PartitionStrategy strategy) {
        this.strategy = strategy;
    }

    /** @param alias of the document, beside which unqualified names are its fields too */
    static KeyConditions of(PartitionStrategy strategy, List<Expression> conjuncts, Optional<String> alias, List<String> otherAliases,
            ExpressionCompiler constants) {
        Map<FieldPath, Expression> equated = new HashMap<>();
        for (Expression conjunct : conjuncts) {
            if (conjunct instanceof Expression.Binary binary && binary.operator() == Expression.BinaryOperator.EQUAL) {
                path(binary.left(), alias, otherAliases).filter(path -> isConstant(binary.right()))
                        .ifPresent(path -> equated.putIfAbsent(path, binary.right()));
                path(binary.right(), alias, otherAliases).filter(path -> isConstant(binary.left()))
                        .ifPresent(path -> equated.putIfAbsent(path, binary.left()));
            }
        }
        KeyConditions conditions = new KeyConditions(strategy);
        if (strategy instanceof PartitionStrategy.Fields fields) {
            for (PartitionStrategy.Level level : fields.levels()) {
                Expression constant = equated.get(level.field());
                if (constant == null) {
                    break;
                }
                conditions.prefix.add(constants.compile(constant));
                conditions.shown.put(level.field().toString(), Printer.text(constant));
            }
        }
        Expression id = equated.get(FieldPath.of("id"));
        if (id != null) {
            conditions.id = constants.compile(id);
            conditions.shown.putIfAbsent("/id", Printer.text(id));
        }
        return conditions;
    }

    private static boolean isConstant(Expression expression) {
        return expression instanceof Expression.Literal || expression instanceof Expression.Parameter;
    }

    static Optional<FieldPath> path(Expression expression, Optional<String> alias, List<String> otherAliases) {
        return switch (expression) {
            case Expression.Name name when alias.filter(name.name()::equals).isPresent() -> Optional.of(FieldPath.ROOT);
            case Expression.Name name when otherAliases.contains(name.name()) -> Optional.empty();
            case Expression.Name name -> Optional.of(FieldPath.of(name.name()));
            case Expression.Member member -> path(member.base(), alias, otherAliases).map(base -> base.child(member.name()));
            default -> Optional.empty();
        };
    }

    public Access access() {
        int levels = strategy instanceof PartitionStrategy.Fields fields ? fields.levels().size() : 0;
        if (id != null && prefix.size() == levels) {
            return Access.POINT;
        }
        return prefix.isEmpty() ? Access.SCAN : Access.PREFIX;
    }

    /** The levels that are known with their constants, for EXPLAIN. */
    Map<String, String> shown() {
        return access() == Access.SCAN ? Map.of() : shown;
    }

    /** The keys that the condition allows; empty where it allows none: a value that can't stand in a key is in none. */
    public Optional<KeyRange> interval(int collection, Bindings bindings) {
        Frame frame = new Frame(new Scope().slots(), bindings);
        List<JsonValue> values = new ArrayList<>();
        for (Evaluator level : prefix) {
            JsonValue value = level.evaluate(frame);
            if (value == null) {
                return Optional.empty();
            }
            values.add(value);
        }
        try {
            if (access() == Access.POINT && id != null) {
                return id.evaluate(frame) instanceof JsonString text
                        ? Optional.of(KeyRange.prefix(DocumentKey.of(collection, strategy, values, text.value()).bytes()))
                        : Optional.empty();
            }
            return Optional.of(DocumentKey.prefix(collection, strategy, values));
        } catch (AvilaError noKey) {
            return Optional.empty();
        }
    }
}
