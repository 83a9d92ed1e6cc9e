package io.aviladb.core.document;

/**
 * A number by its literal, for exact comparison whatever the size: sign, significant digits, and where the point stands before them
 * ({@code 0.digits × 10^point}). Never expands an exponent. HAZARD: exponents beyond 17 digits count as the largest.
 */
public record Decimal(int sign, String digits, long point) implements Comparable<Decimal> {
    private static final int EXPONENT_DIGITS = 17;

    public static Decimal of(String literal) {
        int start = literal.charAt(0) == '-' ? 1 : 0;
        int exponentAt = literal.length();
        int dot = -1;
        StringBuilder digits = new StringBuilder(literal.length());
        for (int i = start; i < exponentAt; i++) {
            char c = literal.charAt(i);
            if (c == 'e' || c == 'E') {
                exponentAt = i;
            } else if (c == '.') {
                dot = i - start;
            } else {
                digits.append(c);
            }
        }
        int leading = 0;
        while (leading < digits.length() && digits.charAt(leading) == '0') {
            leading++;
        }
        int end = digits.length();
        while (end > leading && digits.charAt(end - 1) == '0') {
            end--;
        }
        if (leading == end) {
            return new Decimal(0, "", 0);
        }
        long point = (dot < 0 ? digits.length() : dot) - leading + exponent(literal, exponentAt);
        return new Decimal(start == 1 ? -1 : 1, digits.substring(leading, end), point);
    }

    private static long exponent(String literal, int at) {
        if (at >= literal.length()) {
            return 0;
        }
        String text = literal.substring(at + 1);
        boolean negative = text.startsWith("-");
        String digits = text.replaceFirst("^[+-]?0*", "");
        long size = digits.isEmpty() ? 0 : digits.length() > EXPONENT_DIGITS ? Long.MAX_VALUE / 4 : Long.parseLong(digits);
        return negative ? -size : size;
    }

    @Override
    public int compareTo(Decimal other) {
        if (sign != other.sign) {
            return Integer.compare(sign, other.sign);
        }
        int size = Long.compare(point, other.point);
        // Without trailing zeros the longer of two with a common beginning is the larger.
        return sign * (size != 0 ? size : digits.compareTo(other.digits));
    }

    /** Equal for equal numbers. */
    public String key() {
        return (sign < 0 ? "-" : "") + digits + "e" + point;
    }
}
