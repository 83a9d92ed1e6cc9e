package io.aviladb.query.eval;

import io.aviladb.core.document.Decimal;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Values as bytes whose unsigned order is {@link ValueOrder}'s, missing among them: what stands in an index. Equal bytes for equal values. No
 * value's bytes are the beginning of another's, so that values behind one another are ordered as tuples. A number of any size is exact: its sign,
 * the place of its point, and its digits, two in a byte.
 *
 * <p>Beside {@link io.aviladb.core.range.TupleEncoding}, which a document's key is written in: that one has no form for null, arrays, objects, and
 * numbers beyond doubles, since they can't stand in a key.
 */
public final class ValueBytes {
    /** No value begins with a byte from here on. */
    public static final int LIMIT = 0x80;

    private static final int END = 0x00;
    private static final int MISSING = 0x01;
    private static final int NULL = 0x02;
    private static final int FALSE = 0x10;
    private static final int TRUE = 0x11;
    private static final int NUMBER = 0x20;
    private static final int STRING = 0x30;
    private static final int ARRAY = 0x40;
    private static final int OBJECT = 0x50;
    private static final int ZERO = 1;
    private static final int ESCAPE = 0x01;

    private ValueBytes() {
    }

    public static byte[] of(@Nullable JsonValue value) {
        ByteWriter out = new ByteWriter(32);
        append(out, value);
        return out.toByteArray();
    }

    public static void append(ByteWriter out, @Nullable JsonValue value) {
        switch (value) {
            case null -> out.writeByte(MISSING);
            case JsonNull absent -> out.writeByte(NULL);
            case JsonBoolean bool -> out.writeByte(bool.value() ? TRUE : FALSE);
            case JsonNumber number -> number(out.writeByte(NUMBER), Decimal.of(number.literal()));
            case JsonString string -> text(out.writeByte(STRING), string.value());
            case JsonArray array -> {
                out.writeByte(ARRAY);
                array.elements().forEach(element -> append(out, element));
                out.writeByte(END);
            }
            case JsonObject object -> {
                out.writeByte(OBJECT);
                ValueOrder.sorted(object).forEach((name, member) -> {
                    text(out.writeByte(STRING), name);
                    append(out, member);
                });
                out.writeByte(END);
            }
        }
    }

    /** Where the values of the value's own kind begin: what a comparison with less can be true for. */
    public static byte[] kindStart(JsonValue value) {
        return new byte[]{(byte) kind(value)};
    }

    /** Behind the values of the value's own kind. */
    public static byte[] kindEnd(JsonValue value) {
        return new byte[]{(byte) (value instanceof JsonBoolean ? TRUE + 1 : kind(value) + 1)};
    }

    private static int kind(JsonValue value) {
        return switch (value) {
            case JsonNull absent -> NULL;
            case JsonBoolean bool -> FALSE;
            case JsonNumber number -> NUMBER;
            case JsonString string -> STRING;
            case JsonArray array -> ARRAY;
            case JsonObject object -> OBJECT;
        };
    }

    private static void text(ByteWriter out, String text) {
        for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
            if (unit == END || unit == ESCAPE) { // so that the end stands in no text
                out.writeByte(ESCAPE).writeByte(unit + 1);
            } else {
                out.writeByte(unit);
            }
        }
        out.writeByte(END);
    }

    /** Of two negative numbers the one with the larger digits is the lesser: their bytes are inverted. */
    private static void number(ByteWriter out, Decimal decimal) {
        out.writeByte(ZERO + decimal.sign());
        if (decimal.sign() == 0) {
            return;
        }
        int mask = decimal.sign() < 0 ? 0xFF : 0;
        long point = decimal.point() ^ Long.MIN_VALUE;
        out.writeLong(decimal.sign() < 0 ? ~point : point);
        String digits = decimal.digits();
        for (int i = 0; i < digits.length(); i += 2) {
            int second = i + 1 < digits.length() ? digits.charAt(i + 1) - '0' : 0;
            out.writeByte((digits.charAt(i) - '0') * 10 + second + 1 ^ mask);
        }
        out.writeByte(END ^ mask);
    }
}
