package io.aviladb.query.eval;

/** LIKE without regular expressions: at most (length of text) × (length of pattern) steps. */
final class LikePattern {
    private static final int NO_ESCAPE = -1;

    private LikePattern() {
    }

    /** @param escape one code point, or {@link #NO_ESCAPE} */
    static boolean matches(String text, String pattern, int escape) {
        int[] points = text.codePoints().toArray();
        int[] wanted = pattern.codePoints().toArray();
        int at = 0;
        int in = 0;
        int retryText = -1;
        int retryPattern = -1;
        while (at < points.length) {
            boolean literal = in < wanted.length && wanted[in] == escape && in + 1 < wanted.length;
            int expected = literal ? wanted[in + 1] : in < wanted.length ? wanted[in] : NO_ESCAPE;
            if (in < wanted.length && !literal && expected == '%') {
                retryPattern = ++in;
                retryText = at;
            } else if (in < wanted.length && (expected == points[at] || !literal && expected == '_')) {
                in += literal ? 2 : 1;
                at++;
            } else if (retryPattern >= 0) {
                in = retryPattern;
                at = ++retryText;
            } else {
                return false;
            }
        }
        while (in < wanted.length && wanted[in] == '%' && escape != '%') {
            in++;
        }
        return in == wanted.length;
    }

    static boolean matches(String text, String pattern) {
        return matches(text, pattern, NO_ESCAPE);
    }
}
