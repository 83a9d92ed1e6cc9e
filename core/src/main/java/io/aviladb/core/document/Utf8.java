package io.aviladb.core.document;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;

/**
 * Well-formed UTF-8 (Unicode 15, table 3-7). The parser underneath takes overlong forms and encoded surrogates and would write other bytes
 * than it has read; other encodings than UTF-8 it guesses.
 */
final class Utf8 {
    private Utf8() {
    }

    /** @throws AvilaError {@link ErrorCode#MALFORMED_JSON} */
    static void check(byte[] bytes, int offset, int length) {
        int end = offset + length;
        int i = offset;
        while (i < end) {
            int first = bytes[i];
            if (first > 0) {
                i++;
                continue;
            }
            int more = continuations(first & 0xFF);
            if (more == 0 || end - i <= more || !follows(bytes, i, more)) {
                throw new AvilaError(ErrorCode.MALFORMED_JSON, "the text is not UTF-8 at byte " + (i - offset));
            }
            i += more + 1;
        }
    }

    /** How many bytes follow this first one; 0 for what is no first byte, or the control character that JSON never has. */
    private static int continuations(int first) {
        if (first < 0xC2 || first > 0xF4) {
            return 0;
        }
        return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    }

    private static boolean follows(byte[] bytes, int at, int more) {
        int first = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        int least = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
        int most = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
        if (second < least || second > most) {
            return false;
        }
        for (int i = 2; i <= more; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return false;
            }
        }
        return true;
    }
}
