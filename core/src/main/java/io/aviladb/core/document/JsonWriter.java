package io.aviladb.core.document;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** Writes the canonical text of a value, straight as UTF-8. One value has one sequence of bytes. */
final class JsonWriter {
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private byte[] bytes = new byte[512];
    private int length;

    private JsonWriter() {
    }

    static byte[] bytes(JsonValue value) {
        JsonWriter writer = new JsonWriter();
        writer.append(value);
        return Arrays.copyOf(writer.bytes, writer.length);
    }

    static String text(JsonValue value) {
        JsonWriter writer = new JsonWriter();
        writer.append(value);
        return new String(writer.bytes, 0, writer.length, StandardCharsets.UTF_8);
    }

    private void ensure(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
        }
    }

    private void put(char ascii) {
        ensure(1);
        bytes[length++] = (byte) ascii;
    }

    private void append(JsonValue value) {
        if (value instanceof JsonString string) {
            quote(string.value());
        } else if (value instanceof JsonObject object) {
            char before = '{';
            for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                put(before);
                quote(member.getKey());
                put(':');
                append(member.getValue());
                before = ',';
            }
            close(before, '{', '}');
        } else if (value instanceof JsonArray array) {
            char before = '[';
            for (JsonValue element : array.elements()) {
                put(before);
                append(element);
                before = ',';
            }
            close(before, '[', ']');
        } else {
            ascii(value.toString()); // null, booleans and numbers write themselves
        }
    }

    private void close(char before, char opening, char closing) {
        if (before == opening) {
            put(opening);
        }
        put(closing);
    }

    private void ascii(String text) {
        ensure(text.length());
        for (int i = 0; i < text.length(); i++) {
            bytes[length++] = (byte) text.charAt(i);
        }
    }

    private void quote(String text) {
        put('"');
        int i = plain(text);
        while (i < text.length()) {
            ensure(6); // the longest that one step writes
            char c = text.charAt(i++);
            if (c < ' ' || c == '"' || c == '\\') {
                escape(c);
            } else if (c < 0x80) {
                bytes[length++] = (byte) c;
            } else if (c < 0x800) {
                bytes[length++] = (byte) (0xC0 | c >> 6);
                bytes[length++] = (byte) (0x80 | c & 0x3F);
            } else if (Character.isHighSurrogate(c) && i < text.length()) {
                pair(Character.toCodePoint(c, text.charAt(i++)));
            } else {
                bytes[length++] = (byte) (0xE0 | c >> 12);
                bytes[length++] = (byte) (0x80 | c >> 6 & 0x3F);
                bytes[length++] = (byte) (0x80 | c & 0x3F);
            }
        }
        put('"');
    }

    /** Writes the characters that stand for themselves in one byte, up to the first that does not: most strings as a whole. */
    private int plain(String text) {
        ensure(text.length());
        byte[] into = bytes;
        int at = length;
        int i = 0;
        for (; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c >= 0x80 || c == '"' || c == '\\') {
                break;
            }
            into[at++] = (byte) c;
        }
        length = at;
        return i;
    }

    private void pair(int point) {
        bytes[length++] = (byte) (0xF0 | point >> 18);
        bytes[length++] = (byte) (0x80 | point >> 12 & 0x3F);
        bytes[length++] = (byte) (0x80 | point >> 6 & 0x3F);
        bytes[length++] = (byte) (0x80 | point & 0x3F);
    }

    private void escape(char c) {
        bytes[length++] = '\\';
        switch (c) {
            case '"', '\\' -> bytes[length++] = (byte) c;
            case '\b' -> bytes[length++] = 'b';
            case '\f' -> bytes[length++] = 'f';
            case '\n' -> bytes[length++] = 'n';
            case '\r' -> bytes[length++] = 'r';
            case '\t' -> bytes[length++] = 't';
            default -> {
                bytes[length++] = 'u';
                bytes[length++] = '0';
                bytes[length++] = '0';
                bytes[length++] = HEX[c >> 4];
                bytes[length++] = HEX[c & 15];
            }
        }
    }
}
