package io.aviladb.query.language;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The tokens still to be read, and what was spent of the limits. */
final class TokenStream {
    private final SourceText source;
    private final List<Token> tokens;
    private final Set<String> parameters = new HashSet<>();
    private int next;
    private int depth;
    private int operators;

    TokenStream(SourceText source, List<Token> tokens) {
        this.source = source;
        this.tokens = tokens;
    }

    Token peek() {
        return ahead(0);
    }

    Token ahead(int count) {
        return tokens.get(Math.min(next + count, tokens.size() - 1));
    }

    Token take() {
        Token token = peek();
        if (token.kind() != Token.Kind.END) {
            next++;
        }
        return token;
    }

    Position at() {
        return peek().at();
    }

    boolean takeWord(String keyword) {
        boolean found = peek().isWord(keyword);
        if (found) {
            next++;
        }
        return found;
    }

    /** Both words, or none of them. */
    boolean takeWords(String first, String second) {
        boolean found = peek().isWord(first) && ahead(1).isWord(second);
        if (found) {
            next += 2;
        }
        return found;
    }

    boolean takeSymbol(String symbol) {
        boolean found = peek().isSymbol(symbol);
        if (found) {
            next++;
        }
        return found;
    }

    void expectWord(String keyword) {
        if (!takeWord(keyword)) {
            throw expected(keyword);
        }
    }

    void expectSymbol(String symbol) {
        if (!takeSymbol(symbol)) {
            throw expected("'" + symbol + "'");
        }
    }

    /** A name that isn't reserved, or one in back-quotes. */
    String expectName(String what) {
        Token token = peek();
        if (token.kind() == Token.Kind.QUOTED_NAME || token.kind() == Token.Kind.WORD && !Keywords.isReserved(token.text())) {
            next++;
            return token.text();
        }
        String help = token.kind() == Token.Kind.WORD ? " (a reserved word is a name in back-quotes: `" + token.text() + "`)" : "";
        throw error(token.at(), "expected " + what + " but found " + token.shown() + help);
    }

    AvilaError expected(String what) {
        Token token = peek();
        String hint = token.kind() == Token.Kind.WORD ? NearestName.hint(token.text(), Keywords.CLAUSES) : "";
        return error(token.at(), "expected " + what + " but found " + token.shown() + hint);
    }

    AvilaError error(Position at, String what) {
        return source.error(ErrorCode.QUERY_SYNTAX, at, what);
    }

    void enter() {
        if (++depth > LanguageLimits.MAX_DEPTH) {
            throw tooComplex("expressions nest more than " + LanguageLimits.MAX_DEPTH + " deep");
        }
    }

    void leave() {
        depth--;
    }

    void countOperator() {
        if (++operators > LanguageLimits.MAX_OPERATORS) {
            throw tooComplex("the statement has more than " + LanguageLimits.MAX_OPERATORS + " operators and steps");
        }
    }

    void checkElements(List<?> elements) {
        if (elements.size() > LanguageLimits.MAX_ELEMENTS) {
            throw tooComplex("a list has more than " + LanguageLimits.MAX_ELEMENTS + " elements");
        }
    }

    void countParameter(String name) {
        parameters.add(name);
        if (parameters.size() > LanguageLimits.MAX_PARAMETERS) {
            throw tooComplex("the statement names more than " + LanguageLimits.MAX_PARAMETERS + " parameters");
        }
    }

    private AvilaError tooComplex(String what) {
        return source.error(ErrorCode.QUERY_TOO_COMPLEX, at(), what);
    }
}
