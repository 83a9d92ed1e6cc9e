package io.aviladb.query.language;

import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The few words that can't be names without back-quotes. Every other keyword is one only where it can't be anything else. */
final class Keywords {
    private static final Set<String> RESERVED = Set.of("SELECT", "DISTINCT", "FROM", "WHERE", "HAVING", "LIMIT", "OFFSET", "AND", "OR",
            "NOT",
            "IN", "IS", "LIKE", "BETWEEN", "AS", "NULL", "TRUE", "FALSE", "JOIN");
    /** Words that would be read as an alias where a clause was meant. */
    private static final Set<String> NO_BARE_ALIAS = Set.of("SET", "ORDER", "GROUP", "UNNEST", "WHEN");
    /** For "did you mean". */
    static final List<String> CLAUSES = List.of("SELECT", "UPDATE", "DELETE", "EXPLAIN", "FROM", "WHERE", "GROUP BY", "HAVING", "ORDER BY",
            "LIMIT", "OFFSET", "SET", "AS OF");

    private Keywords() {
    }

    static boolean isReserved(String word) {
        return RESERVED.contains(word.toUpperCase(Locale.ROOT));
    }

    static boolean isBareAlias(String word) {
        return !isReserved(word) && !NO_BARE_ALIAS.contains(word.toUpperCase(Locale.ROOT));
    }
}
