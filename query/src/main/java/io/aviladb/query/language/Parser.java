package io.aviladb.query.language;

import io.aviladb.core.error.AvilaError;
import java.util.List;

/**
 * Text to tree, by hand: recursive descent for statements, operator precedence for expressions.
 *
 * <p>Every refusal is an {@link AvilaError} that tells line and column, what was expected, what stands there, and shows the line with a caret.
 */
public final class Parser {
    private Parser() {
    }

    /** A whole statement. @throws AvilaError {@code QUERY_SYNTAX} or {@code QUERY_TOO_COMPLEX} */
    public static Statement statement(String text) {
        return statements(text, false).statement();
    }

    /**
     * The {@code where} of an update or delete by request: an expression alone, in which strings may stand in double quotes.
     *
     * @throws AvilaError {@code QUERY_SYNTAX} or {@code QUERY_TOO_COMPLEX}
     */
    public static Expression condition(String text) {
        return statements(text, true).wholeExpression();
    }

    /** An expression alone, as a merge policy or a filter has it. @throws AvilaError {@code QUERY_SYNTAX} or {@code QUERY_TOO_COMPLEX} */
    public static Expression expression(String text) {
        return statements(text, false).wholeExpression();
    }

    private static StatementParser statements(String text, boolean doubleQuotedStrings) {
        SourceText source = new SourceText(text);
        List<Token> tokens = Lexer.tokens(source, doubleQuotedStrings);
        return new StatementParser(new TokenStream(source, tokens));
    }
}
