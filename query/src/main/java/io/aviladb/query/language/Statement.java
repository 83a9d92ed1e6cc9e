package io.aviladb.query.language;

import java.util.List;
import java.util.Optional;

/** What a text asks for. */
public sealed interface Statement {
    record Select(Query query) implements Statement {}

    /** {@code UPDATE collection SET path = expression, … [WHERE …]}. */
    record Update(Query.CollectionSource from, List<Assignment> assignments, Optional<Expression> where) implements Statement {
        public Update {
            assignments = List.copyOf(assignments);
        }
    }

    /** {@code DELETE FROM collection [WHERE …]}. */
    record Delete(Query.CollectionSource from, Optional<Expression> where) implements Statement {}

    /** {@code EXPLAIN [ANALYZE] statement}. */
    record Explain(boolean analyze, Statement statement) implements Statement {}

    /** One member that an update sets. */
    record Assignment(List<String> path, Expression value, Position at) {
        public Assignment {
            path = List.copyOf(path);
        }
    }
}
