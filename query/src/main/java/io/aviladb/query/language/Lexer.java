package io.aviladb.query.language;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Cuts a text into tokens. White space and comments ({@code -- …}, {@code /* … *}{@code /}) separate and vanish. */
final class Lexer {
    private static final List<String> LONG_SYMBOLS = List.of("!=", "<>", "<=", ">=", "==", "||");
    private static final String SYMBOLS = "=<>+-*/%()[]{},.:;";

    private final SourceText source;
    private final String text;
    private final boolean doubleQuotedStrings;
    private int at;
    private int line = 1;
    private int column = 1;

    private Lexer(SourceText source, boolean doubleQuotedStrings) {
        this.source = source;
        this.text = source.text();
        this.doubleQuotedStrings = doubleQuotedStrings;
    }

    /** @param doubleQuotedStrings whether {@code "…"} is a string: in the {@code where} of an update or delete; elsewhere it's refused */
    static List<Token> tokens(SourceText source, boolean doubleQuotedStrings) {
        if (source.text().length() > LanguageLimits.MAX_TEXT) {
            throw new AvilaError(ErrorCode.QUERY_TOO_COMPLEX, "the statement has " + source.text().length()
                    + " characters; the limit is " + LanguageLimits.MAX_TEXT);
        }
        Lexer lexer = new Lexer(source, doubleQuotedStrings);
        List<Token> tokens = new ArrayList<>();
        Token token;
        do {
            token = lexer.next();
            tokens.add(token);
        } while (token.kind() != Token.Kind.END);
        return tokens;
    }

    private int peek() {
        return at < text.length() ? text.codePointAt(at) : -1;
    }

    private char ahead() {
        return at + 1 < text.length() ? text.charAt(at + 1) : '\0';
    }

    private void advance() {
        int point = text.codePointAt(at);
        at += Character.charCount(point);
        if (point == '\n') {
            line++;
            column = 1;
        } else {
            column++;
        }
    }

    private Position position() {
        return new Position(line, column);
    }

    private Token next() {
        skipSpaceAndComments();
        Position start = position();
        int point = peek();
        if (point < 0) {
            return new Token(Token.Kind.END, "", start);
        } else if (isNameStart(point)) {
            return new Token(Token.Kind.WORD, name(), start);
        } else if (isDigit(point)) {
            return number(start);
        } else if (point == '\'') {
            return new Token(Token.Kind.STRING, quoted('\'', "string", start), start);
        } else if (point == '`') {
            String name = quoted('`', "name", start);
            if (name.isEmpty()) {
                throw source.error(ErrorCode.QUERY_SYNTAX, start, "a name can't be empty");
            }
            return new Token(Token.Kind.QUOTED_NAME, name, start);
        } else if (point == '"') {
            return doubleQuoted(start);
        } else if (point == '@') {
            return parameter(start);
        }
        return symbol(start);
    }

    private void skipSpaceAndComments() {
        while (at < text.length()) {
            int point = peek();
            if (Character.isWhitespace(point)) {
                advance();
            } else if (point == '-' && ahead() == '-') {
                while (at < text.length() && peek() != '\n') {
                    advance();
                }
            } else if (point == '/' && ahead() == '*') {
                skipBlockComment();
            } else {
                return;
            }
        }
    }

    private void skipBlockComment() {
        Position start = position();
        advance();
        advance();
        while (at < text.length()) {
            boolean ends = peek() == '*' && ahead() == '/';
            advance();
            if (ends) {
                advance();
                return;
            }
        }
        throw source.error(ErrorCode.QUERY_SYNTAX, start, "this comment has no end: */ is missing");
    }

    private String name() {
        int from = at;
        while (at < text.length() && isNamePart(peek())) {
            advance();
        }
        return text.substring(from, at);
    }

    private Token parameter(Position start) {
        advance();
        if (!isNameStart(peek())) {
            throw source.error(ErrorCode.QUERY_SYNTAX, start, "a parameter's name follows its '@', as in @min");
        }
        return new Token(Token.Kind.PARAMETER, name(), start);
    }

    private Token doubleQuoted(Position start) {
        if (!doubleQuotedStrings) {
            throw source.error(ErrorCode.QUERY_SYNTAX, start, "write a string in single quotes ('…') and a name in back-quotes (`…`)");
        }
        return new Token(Token.Kind.STRING, quoted('"', "string", start), start);
    }

    /** The quote doubled stands for itself. */
    private String quoted(char quote, String what, Position start) {
        StringBuilder out = new StringBuilder();
        advance();
        while (at < text.length()) {
            int point = peek();
            boolean isQuote = point == quote;
            if (isQuote && ahead() != quote) {
                advance();
                return checked(out.toString(), start);
            }
            if (isQuote) {
                advance();
            }
            advance();
            out.appendCodePoint(point);
        }
        throw source.error(ErrorCode.QUERY_SYNTAX, start, "this " + what + " has no end: " + quote + " is missing");
    }

    private String checked(String string, Position start) {
        if (string.codePoints().anyMatch(point -> point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)) {
            throw source.error(ErrorCode.QUERY_SYNTAX, start, "half of a surrogate pair stands in the quotes");
        }
        return string;
    }

    private Token number(Position start) {
        int from = at;
        digits();
        if (peek() == '.' && isDigit(ahead())) {
            advance();
            digits();
        }
        int mark = at + (ahead() == '+' || ahead() == '-' ? 2 : 1);
        if ((peek() == 'e' || peek() == 'E') && mark < text.length() && isDigit(text.charAt(mark))) {
            while (at < mark) {
                advance();
            }
            digits();
        }
        String literal = text.substring(from, at);
        if (isNameStart(peek())) {
            throw source.error(ErrorCode.QUERY_SYNTAX, position(), "a letter follows the number " + literal);
        } else if (literal.length() > JsonNumber.MAX_LITERAL_LENGTH) {
            throw source.error(ErrorCode.QUERY_TOO_COMPLEX, start, "a number has at most " + JsonNumber.MAX_LITERAL_LENGTH + " characters");
        } else if (literal.length() > 1 && literal.charAt(0) == '0' && isDigit(literal.charAt(1))) {
            throw source.error(ErrorCode.QUERY_SYNTAX, start, "a number doesn't begin with a needless 0");
        }
        return new Token(Token.Kind.NUMBER, literal, start);
    }

    private void digits() {
        while (isDigit(peek())) {
            advance();
        }
    }

    private Token symbol(Position start) {
        for (String symbol : LONG_SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                advance();
                advance();
                return new Token(Token.Kind.SYMBOL, symbol, start);
            }
        }
        int point = peek();
        if (SYMBOLS.indexOf(point) < 0) {
            throw source.error(ErrorCode.QUERY_SYNTAX, start, "the character '" + Character.toString(point) + "' means nothing here");
        }
        advance();
        return new Token(Token.Kind.SYMBOL, Character.toString(point), start);
    }

    private static boolean isDigit(int point) {
        return point >= '0' && point <= '9';
    }

    private static boolean isNameStart(int point) {
        return point == '_' || point >= 0 && Character.isLetter(point);
    }

    private static boolean isNamePart(int point) {
        return isNameStart(point) || isDigit(point) || point == '$';
    }
}
