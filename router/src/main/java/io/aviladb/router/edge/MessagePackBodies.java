package io.aviladb.router.edge;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.msgpack.core.ExtensionTypeHeader;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Bodies in MessagePack, which say what JSON says: a value comes back as the same value, with equal numbers. An integer of 64 bits is an int, a number
 * that a double holds exactly a float64, any other the extension type {@value #NUMBER} with its digits as JSON writes them. JSON has no bytes and no
 * times: binary and other extension types are refused.
 */
public final class MessagePackBodies {
    public static final String MEDIA_TYPE = "application/msgpack";
    /** The extension type of numbers that neither an int64 nor a double holds exactly: ASCII digits as in JSON. */
    static final byte NUMBER = 1;
    /** What wraps documents: a batch's object and array. */
    private static final int MAX_NESTING = JsonParser.MAX_NESTING + 2;

    private static final MessagePack.UnpackerConfig READING = new MessagePack.UnpackerConfig()
            .withActionOnMalformedString(CodingErrorAction.REPORT).withActionOnUnmappableString(CodingErrorAction.REPORT);

    private MessagePackBodies() {
    }

    /** Whether the media type, in lower case and without parameters, is one that MessagePack goes by. */
    public static boolean isMediaType(String type) {
        return type.equals(MEDIA_TYPE) || type.equals("application/x-msgpack") || type.equals("application/vnd.msgpack");
    }

    /** Whether an Accept header prefers MessagePack to JSON: by quality, and between equals by order. */
    public static boolean isPreferred(String accept) {
        double json = 0;
        double packed = 0;
        boolean packedFirst = false;
        for (String part : accept.toLowerCase(Locale.ROOT).split(",")) {
            String[] pieces = part.trim().split(";");
            String type = pieces[0].trim();
            if (isMediaType(type)) {
                packedFirst |= json == 0;
                packed = Math.max(packed, quality(pieces));
            } else if (type.equals("application/json")) {
                json = Math.max(json, quality(pieces));
            }
        }
        return packed > json || packed == json && packed > 0 && packedFirst;
    }

    private static double quality(String[] pieces) {
        for (int i = 1; i < pieces.length; i++) {
            String parameter = pieces[i].trim();
            if (parameter.startsWith("q=")) {
                try {
                    return Double.parseDouble(parameter.substring(2));
                } catch (NumberFormatException malformed) {
                    return 0;
                }
            }
        }
        return 1;
    }

    /** The body as JSON text. @throws AvilaError where it is no MessagePack, or says what JSON can't */
    public static byte[] toJson(byte[] packed) {
        try (MessageUnpacker in = READING.newUnpacker(packed)) {
            JsonValue value = value(in, MAX_NESTING);
            if (in.hasNext()) {
                throw malformed("bytes follow the value, at byte " + in.getTotalReadBytes());
            }
            return value.toJsonBytes();
        } catch (MessagePackException | IOException e) {
            throw malformed(e.getMessage() == null ? "it ends too early" : e.getMessage());
        }
    }

    private static AvilaError malformed(String why) {
        return new AvilaError(ErrorCode.MALFORMED_REQUEST, "the body is not MessagePack that JSON can say: " + why);
    }

    private static JsonValue value(MessageUnpacker in, int depth) throws IOException {
        switch (in.getNextFormat().getValueType()) {
            case NIL -> {
                in.unpackNil();
                return JsonNull.NULL;
            }
            case BOOLEAN -> {
                return JsonBoolean.of(in.unpackBoolean());
            }
            case INTEGER -> {
                return new JsonNumber(in.unpackBigInteger().toString());
            }
            case FLOAT -> {
                double number = in.unpackDouble();
                if (!Double.isFinite(number)) {
                    throw malformed("JSON has no " + number);
                }
                return JsonNumber.of(number);
            }
            case STRING -> {
                return new JsonString(in.unpackString());
            }
            case ARRAY -> {
                return array(in, deeper(depth));
            }
            case MAP -> {
                return object(in, deeper(depth));
            }
            case EXTENSION -> {
                return number(in);
            }
            default -> throw malformed("binary has no place in JSON; send it as a string, in base64 for example");
        }
    }

    private static int deeper(int depth) {
        if (depth == 0) {
            throw new AvilaError(ErrorCode.TOO_DEEP, "the body is nested deeper than " + JsonParser.MAX_NESTING + " levels");
        }
        return depth - 1;
    }

    private static JsonArray array(MessageUnpacker in, int depth) throws IOException {
        int count = in.unpackArrayHeader();
        List<JsonValue> elements = new ArrayList<>(Math.min(count, 1_024)); // the header is not to be believed
        for (int i = 0; i < count; i++) {
            elements.add(value(in, depth));
        }
        return new JsonArray(elements);
    }

    private static JsonObject object(MessageUnpacker in, int depth) throws IOException {
        int count = in.unpackMapHeader();
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.unpackString();
            if (members.put(name, value(in, depth)) != null) {
                throw new AvilaError(ErrorCode.DUPLICATE_MEMBER, "the member '" + name + "' is there twice");
            }
        }
        return new JsonObject(members);
    }

    private static JsonNumber number(MessageUnpacker in) throws IOException {
        ExtensionTypeHeader header = in.unpackExtensionTypeHeader();
        if (header.getType() != NUMBER || header.getLength() > JsonNumber.MAX_LITERAL_LENGTH) {
            throw malformed("the extension type " + header.getType() + " has no place in JSON");
        }
        String digits = new String(in.readPayload(header.getLength()), StandardCharsets.US_ASCII);
        try {
            return new JsonNumber(digits);
        } catch (IllegalArgumentException e) {
            throw malformed("the extension type " + NUMBER + " holds a number's digits, and '" + digits + "' are none");
        }
    }

    /** JSON text of the server's own as MessagePack. */
    public static byte[] ofJson(byte[] json) {
        try (MessageBufferPacker out = MessagePack.newDefaultBufferPacker()) {
            pack(JsonParser.parse(json, MAX_NESTING), out);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException("packing into memory failed", e);
        }
    }

    private static void pack(JsonValue value, MessageBufferPacker out) throws IOException {
        switch (value) {
            case JsonNull none -> out.packNil();
            case JsonBoolean truth -> out.packBoolean(truth.value());
            case JsonNumber number -> pack(number, out);
            case JsonString string -> out.packString(string.value());
            case JsonArray array -> {
                out.packArrayHeader(array.elements().size());
                for (JsonValue element : array.elements()) {
                    pack(element, out);
                }
            }
            case JsonObject object -> {
                out.packMapHeader(object.members().size());
                for (Map.Entry<String, JsonValue> member : object.members().entrySet()) {
                    out.packString(member.getKey());
                    pack(member.getValue(), out);
                }
            }
        }
    }

    private static void pack(JsonNumber number, MessageBufferPacker out) throws IOException {
        String literal = number.literal();
        boolean integer = literal.chars().allMatch(c -> c == '-' || c >= '0' && c <= '9');
        OptionalLong whole = integer && !literal.equals("-0") ? number.toLong() : OptionalLong.empty();
        if (whole.isPresent()) {
            out.packLong(whole.getAsLong());
        } else if (isDouble(number)) {
            out.packDouble(number.toDouble());
        } else {
            byte[] digits = literal.getBytes(StandardCharsets.US_ASCII);
            out.packExtensionTypeHeader(NUMBER, digits.length).writePayload(digits);
        }
    }

    /** Whether the shortest digits of the nearest double are the same number. */
    private static boolean isDouble(JsonNumber number) {
        double nearest = number.toDouble();
        try {
            return Double.isFinite(nearest) && new BigDecimal(Double.toString(nearest)).compareTo(number.toBigDecimal()) == 0;
        } catch (ArithmeticException hugeExponent) {
            return false;
        }
    }
}
