package io.aviladb.chaos.history;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Values as EDN text, on one line. */
final class EdnWriter {
    private EdnWriter() {
    }

    static String text(Edn value) {
        return switch (value) {
            case Edn.Nil() -> "nil";
            case Edn.Int(long number) -> Long.toString(number);
            case Edn.Bool(boolean bool) -> Boolean.toString(bool);
            case Edn.Text(String string) -> quoted(string);
            case Edn.Keyword(String name) -> ":" + name;
            case Edn.Vector(List<Edn> items) -> "[" + joined(items) + "]";
            case Edn.Group(Set<Edn> members) -> "#{" + joined(members) + "}";
            case Edn.Dict(Map<Edn, Edn> entries) -> entries.entrySet().stream()
                    .map(entry -> text(entry.getKey()) + " " + text(entry.getValue())).collect(Collectors.joining(", ", "{", "}"));
        };
    }

    private static String joined(Collection<Edn> items) {
        return items.stream().map(EdnWriter::text).collect(Collectors.joining(" "));
    }

    private static String quoted(String string) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                default -> out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
