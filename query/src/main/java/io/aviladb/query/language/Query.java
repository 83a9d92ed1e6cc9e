package io.aviladb.query.language;

import java.util.List;
import java.util.Optional;

/**
 * A SELECT, or a subquery of one.
 *
 * @param sources a collection, then arrays of its documents; in a subquery arrays only
 * @param limit of {@code LIMIT} or {@code TOP}
 * @param asOf the version or time to read at
 */
public record Query(Projection projection, boolean distinct, List<Source> sources, Optional<Expression> asOf, Optional<Expression> where,
        List<Expression> groupBy, Optional<Expression> having, List<Order> orderBy, Optional<Expression> limit, Optional<Expression> offset,
        Position at) {
    public Query {
        sources = List.copyOf(sources);
        groupBy = List.copyOf(groupBy);
        orderBy = List.copyOf(orderBy);
    }

    /** What a row becomes. */
    public sealed interface Projection {
    }

    /** {@code SELECT VALUE expression}: the value itself. */
    public record Single(Expression value) implements Projection {}

    /** {@code SELECT a, b AS c, *}: an object. */
    public record Items(List<Item> items) implements Projection {
        public Items {
            items = List.copyOf(items);
        }
    }

    /** One of SELECT's items. */
    public sealed interface Item {
    }

    /** {@code *}: every member. */
    public record Star(Position at) implements Item {}

    /** An expression with the name it was given, if it was. */
    public record Column(Expression value, Optional<String> alias) implements Item {}

    /** Where rows come from. */
    public sealed interface Source {
        Position at();
    }

    /** The documents of a collection. */
    public record CollectionSource(String collection, Optional<String> alias, Position at) implements Source {}

    /** The elements of an array of the row so far. */
    public record ElementSource(Expression array, Optional<String> alias, Position at) implements Source {}

    /** One of ORDER BY's keys. */
    public record Order(Expression key, boolean descending) {}
}
