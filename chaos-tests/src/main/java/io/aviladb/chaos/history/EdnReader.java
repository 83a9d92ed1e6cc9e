package io.aviladb.chaos.history;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Reads EDN values from text. What histories don't use (symbols, floats, tags, characters) is refused with its position. */
public final class EdnReader {
    private static final int DEEPEST = 100;
    private final String text;
    private int at;
    private int depth;

    private EdnReader(String text) {
        this.text = text;
    }

    /** All values of a text. */
    public static List<Edn> readAll(String text) {
        EdnReader reader = new EdnReader(text);
        List<Edn> values = new ArrayList<>();
        while (reader.more()) {
            values.add(reader.value());
        }
        return values;
    }

    /** Skips blanks, commas and comments. */
    private boolean more() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == ';') {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (Character.isWhitespace(c) || c == ',') {
                at++;
            } else {
                return true;
            }
        }
        return false;
    }

    private Edn value() {
        if (!more()) {
            throw refused("the text ends inside a value");
        }
        char c = text.charAt(at);
        return switch (c) {
            case '[' -> new Edn.Vector(until(']'));
            case '{' -> dict();
            case '#' -> group();
            case '"' -> string();
            case ':' -> keyword();
            default -> atom();
        };
    }

    private List<Edn> until(char end) {
        if (++depth > DEEPEST) {
            throw refused("nested deeper than " + DEEPEST);
        }
        at++;
        List<Edn> items = new ArrayList<>();
        while (more() && text.charAt(at) != end) {
            items.add(value());
        }
        if (at >= text.length()) {
            throw refused("no closing " + end);
        }
        at++;
        depth--;
        return items;
    }

    private Edn dict() {
        List<Edn> flat = until('}');
        if (flat.size() % 2 != 0) {
            throw refused("a map with a key and no value");
        }
        Map<Edn, Edn> entries = new LinkedHashMap<>();
        for (int i = 0; i < flat.size(); i += 2) {
            if (entries.containsKey(flat.get(i))) {
                throw refused("the key " + flat.get(i).text() + " twice in a map");
            }
            entries.put(flat.get(i), flat.get(i + 1));
        }
        return new Edn.Dict(entries);
    }

    private Edn group() {
        at++;
        if (at >= text.length() || text.charAt(at) != '{') {
            throw refused("tags are not read");
        }
        List<Edn> items = until('}');
        LinkedHashSet<Edn> set = new LinkedHashSet<>(items);
        if (set.size() != items.size()) {
            throw refused("a set with an element twice");
        }
        return new Edn.Group(set);
    }

    private Edn string() {
        StringBuilder out = new StringBuilder();
        for (at++; at < text.length() && text.charAt(at) != '"'; at++) {
            out.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
        }
        if (at >= text.length()) {
            throw refused("a string without its end");
        }
        at++;
        return new Edn.Text(out.toString());
    }

    private char escaped() {
        at++;
        char c = at < text.length() ? text.charAt(at) : ' ';
        return switch (c) {
            case 'n' -> '\n';
            case 't' -> '\t';
            case 'r' -> '\r';
            case '"', '\\' -> c;
            default -> throw refused("unknown escape");
        };
    }

    private Edn keyword() {
        at++;
        String name = token();
        if (name.isEmpty()) {
            throw refused("a keyword without name");
        }
        return new Edn.Keyword(name);
    }

    private Edn atom() {
        String token = token();
        return switch (token) {
            case "nil" -> Edn.NIL;
            case "true" -> new Edn.Bool(true);
            case "false" -> new Edn.Bool(false);
            default -> integer(token);
        };
    }

    private Edn integer(String token) {
        try {
            return new Edn.Int(Long.parseLong(token));
        } catch (NumberFormatException e) {
            throw refused("\"" + token + "\" is neither integer, nil, true nor false");
        }
    }

    private String token() {
        int begin = at;
        while (at < text.length() && !Character.isWhitespace(text.charAt(at)) && "[]{}\"#,;".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        return text.substring(begin, at);
    }

    private MalformedHistoryException refused(String why) {
        long line = text.substring(0, Math.min(at, text.length())).chars().filter(c -> c == '\n').count() + 1;
        return new MalformedHistoryException("line " + line + ": " + why);
    }
}
