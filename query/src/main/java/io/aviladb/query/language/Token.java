package io.aviladb.query.language;

import java.util.Locale;

/** A piece of the text. For quoted names and strings the text is what the quotes hold. */
record Token(Kind kind, String text, Position at) {
    enum Kind {
        /** A word that may be a keyword or a name. */
        WORD,
        /** A name in back-quotes, never a keyword. */
        QUOTED_NAME,
        /** A string in single quotes, or, in a condition, in double ones. */
        STRING,
        /** Digits as written. */
        NUMBER,
        /** The name after an {@code @}. */
        PARAMETER,
        /** An operator or a bracket. */
        SYMBOL,
        /** The end of the text. */
        END
    }

    boolean isWord(String keyword) {
        return kind == Kind.WORD && text.equalsIgnoreCase(keyword);
    }

    boolean isSymbol(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** In a message: a word in quotes, the end as what it is. */
    String shown() {
        return switch (kind) {
            case END -> "<end of query>";
            case STRING -> "the string '" + shortened() + "'";
            case NUMBER -> "the number " + shortened();
            case PARAMETER -> "@" + shortened();
            case QUOTED_NAME -> "`" + shortened() + "`";
            case WORD -> Keywords.isReserved(text) ? text.toUpperCase(Locale.ROOT) : "'" + shortened() + "'";
            case SYMBOL -> "'" + text + "'";
        };
    }

    private String shortened() {
        return text.codePointCount(0, text.length()) <= 40 ? text : text.substring(0, text.offsetByCodePoints(0, 37)) + "...";
    }
}
