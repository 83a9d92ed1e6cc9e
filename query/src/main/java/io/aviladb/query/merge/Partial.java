package io.aviladb.query.merge;

import io.aviladb.core.document.JsonValue;
import io.aviladb.query.eval.AggregateState;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What one source of documents gave. */
public sealed interface Partial {
    /** Rows in their order: all that a page can need. */
    record Rows(List<PartialRow> rows) implements Partial {
        public Rows {
            rows = List.copyOf(rows);
        }
    }

    /** Groups by the key of their values. */
    record Groups(Map<String, Group> groups) implements Partial {}

    /** One group: what makes it, and what its aggregates have seen. */
    record Group(List<? extends @Nullable JsonValue> values, List<AggregateState> states) {}
}
