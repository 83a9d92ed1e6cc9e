package io.aviladb.query.language;

/** How long and how deep a statement may be. Beyond them: {@link io.aviladb.core.error.ErrorCode#QUERY_TOO_COMPLEX}. */
public final class LanguageLimits {
    /** Characters (UTF-16 units) of a statement. */
    public static final int MAX_TEXT = 65_536;
    /** Levels of parentheses, calls, subqueries and the like. */
    public static final int MAX_DEPTH = 64;
    /** Operators and steps of paths in one statement: a chain of them makes a tree as deep as it is long. */
    public static final int MAX_OPERATORS = 1_000;
    /** Different parameters of one statement. */
    public static final int MAX_PARAMETERS = 256;
    /** Elements of a list: of IN, of an array, of a call, of SELECT, GROUP BY and ORDER BY. */
    public static final int MAX_ELEMENTS = 1_000;
    /** Elements of one array parameter to IN. */
    public static final int MAX_IN_VALUES = 10_000;

    private LanguageLimits() {
    }
}
