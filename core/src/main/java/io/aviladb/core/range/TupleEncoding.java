package io.aviladb.core.range;

import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Values as bytes whose unsigned order is the values' order, each with a type tag in front, so that a prefix of a tuple is one contiguous
 * interval. Version 1: booleans, then numbers (integers and doubles in one numeric order), then strings.
 *
 * <p>Model: the FoundationDB tuple layer. Ours differs in numbers: the nearest double, then what the integer exceeds it by, so that 1, 1.0
 * and 1.5 sort as numbers and equal numbers have equal bytes.
 */
public final class TupleEncoding {
    public static final int VERSION = 1;

    private static final int FALSE = 0x10;
    private static final int TRUE = 0x11;
    private static final int NUMBER = 0x20;
    private static final int STRING = 0x30;
    private static final int HASH = 0x40;
    private static final int RESIDUAL_BIAS = 0x8000;

    private TupleEncoding() {
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_PARTITION_KEY} for null, arrays, objects, and numbers that neither 64 bits nor a double hold */
    public static void append(ByteWriter out, JsonValue value) {
        if (value instanceof JsonString string) {
            out.writeByte(STRING);
            appendTerminated(out, string.value().getBytes(StandardCharsets.UTF_8));
        } else if (value instanceof JsonNumber number) {
            appendNumber(out, number);
        } else if (value instanceof JsonBoolean bool) {
            out.writeByte(bool.value() ? TRUE : FALSE);
        } else {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "a partition key's level is a string, a number or a boolean, not " + brief(value.toJson()));
        }
    }

    /** A fixed hash of four bytes in front of a value: spreads sequential values, keeps equal ones together. */
    public static void appendHashed(ByteWriter out, JsonValue value) {
        ByteWriter plain = new ByteWriter();
        append(plain, value);
        byte[] bytes = plain.toByteArray();
        out.writeByte(HASH).writeInt(PartitionHash.of(bytes)).writeRaw(bytes);
    }

    private static void appendTerminated(ByteWriter out, byte[] utf8) {
        for (byte b : utf8) {
            out.writeByte(b);
            if (b == 0) {
                out.writeByte(0xFF);
            }
        }
        out.writeByte(0);
    }

    private static boolean isExact(JsonNumber number, double nearest) {
        try {
            return Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(number.toBigDecimal()) == 0;
        } catch (ArithmeticException exponentTooLarge) {
            return false;
        }
    }

    private static void appendNumber(ByteWriter out, JsonNumber number) {
        OptionalLong integer = number.toLong();
        double nearest = integer.isPresent() ? (double) integer.getAsLong() : number.toDouble();
        int residual = 0;
        if (integer.isPresent()) {
            residual = BigDecimal.valueOf(integer.getAsLong()).subtract(new BigDecimal(nearest)).intValueExact();
        } else if (!isExact(number, nearest)) {
            throw new AvilaError(ErrorCode.INVALID_PARTITION_KEY,
                    "a number in a key fits 64 bits or a double, and " + brief(number.literal()) + " would change");
        }
        long bits = Double.doubleToLongBits(nearest + 0.0); // -0.0 becomes 0.0
        out.writeByte(NUMBER).writeLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
        int biased = residual + RESIDUAL_BIAS;
        out.writeByte(biased >>> 8).writeByte(biased);
    }

    /** The values that {@link #append} and {@link #appendHashed} wrote. @throws MalformedBytesException where the bytes are damaged */
    public static List<JsonValue> decode(byte[] bytes, int offset, int end) {
        List<JsonValue> values = new ArrayList<>();
        Cursor in = new Cursor(bytes, offset, end);
        while (in.position < end) {
            values.add(in.next());
        }
        return values;
    }

    private static String brief(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }

    private static final class Cursor {
        private final byte[] bytes;
        private final int end;
        private int position;

        Cursor(byte[] bytes, int offset, int end) {
            this.bytes = bytes;
            this.position = offset;
            this.end = end;
        }

        private int take() {
            if (position >= end) {
                throw new MalformedBytesException("a key ends inside a value");
            }
            return bytes[position++] & 0xFF;
        }

        JsonValue next() {
            int tag = take();
            switch (tag) {
                case FALSE :
                    return JsonBoolean.FALSE;
                case TRUE :
                    return JsonBoolean.TRUE;
                case NUMBER :
                    return number();
                case STRING :
                    return string();
                case HASH :
                    for (int i = 0; i < 4; i++) {
                        take();
                    }
                    return next();
                default :
                    throw new MalformedBytesException("a key holds the unknown tag " + tag);
            }
        }

        private JsonValue number() {
            long sortable = 0;
            for (int i = 0; i < 8; i++) {
                sortable = sortable << 8 | take();
            }
            double nearest = Double.longBitsToDouble(sortable < 0 ? sortable ^ Long.MIN_VALUE : ~sortable);
            int residual = (take() << 8 | take()) - RESIDUAL_BIAS;
            BigDecimal exact = new BigDecimal(nearest).add(BigDecimal.valueOf(residual));
            try {
                return JsonNumber.of(exact.longValueExact());
            } catch (ArithmeticException notAnInteger) {
                return JsonNumber.of(nearest);
            }
        }

        private JsonValue string() {
            ByteWriter text = new ByteWriter();
            for (int b = take(); true; b = take()) {
                if (b == 0) {
                    if (position >= end || (bytes[position] & 0xFF) != 0xFF) {
                        return new JsonString(new String(text.toByteArray(), StandardCharsets.UTF_8));
                    }
                    position++;
                }
                text.writeByte(b);
            }
        }
    }
}
