package io.aviladb.benchmarks.load;

import io.aviladb.core.document.Document;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/** Documents of exactly 1,024 bytes of canonical JSON, each with an id and a text of its own. */
public final class Documents {
    public static final int BYTES = 1_024;
    private static final int TEXTS = 1 << 20;
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789  ";
    private static final String TEMPLATE = "{\"id\":\"d0000000000\",\"name\":\"Valentina Figueiredo\",\"city\":\"Porto Alegre\",\"level\":42,"
            + "\"rating\":1712.5,\"premium\":false,\"settings\":{\"language\":\"pt-BR\",\"sound\":true},\"about\":\"";
    private static final int ID_AT = 8; // after the d
    private static final int ID_DIGITS = 10;

    private final byte[] head = TEMPLATE.getBytes(StandardCharsets.US_ASCII);
    private final byte[] texts = new byte[TEXTS];

    public Documents() {
        SplittableRandom random = new SplittableRandom(7);
        for (int i = 0; i < TEXTS; i++) {
            texts[i] = (byte) LETTERS.charAt(random.nextInt(LETTERS.length()));
        }
    }

    public static String id(long number) {
        String digits = Long.toString(number);
        return "d" + "0".repeat(ID_DIGITS - digits.length()) + digits;
    }

    /** The bytes of a number's document: always the same. */
    public byte[] json(long number) {
        byte[] json = new byte[BYTES];
        System.arraycopy(head, 0, json, 0, head.length);
        long rest = number;
        for (int i = ID_AT + ID_DIGITS - 1; i >= ID_AT; i--) {
            json[i] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        int text = BYTES - head.length - 2;
        int from = (int) Math.floorMod(number * 7_919, (long) (TEXTS - text));
        System.arraycopy(texts, from, json, head.length, text);
        json[BYTES - 2] = '"';
        json[BYTES - 1] = '}';
        return json;
    }

    public Document document(long number) {
        return Document.ofCanonical(json(number));
    }
}
