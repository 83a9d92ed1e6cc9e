package io.aviladb.cli.config;

import java.util.Collection;
import java.util.Locale;

/** Finds what somebody may have meant. */
public final class NearestName {
    private NearestName() {
    }

    /** One sentence: the nearest name, or all of them where none is near. */
    public static String didYouMean(String written, Collection<String> names) {
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String name : names) {
            int distance = distance(written.toLowerCase(Locale.ROOT), name);
            if (distance < least) {
                least = distance;
                best = name;
            }
        }
        return !best.isEmpty() && least <= Math.max(2, written.length() / 3)
                ? "Did you mean '" + best + "'?"
                : "Known are: " + String.join(", ", names) + ".";
    }

    /** Levenshtein's distance. */
    static int distance(String one, String other) {
        int[] row = new int[other.length() + 1];
        for (int j = 0; j < row.length; j++) {
            row[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j < row.length; j++) {
                int above = row[j];
                int replaced = diagonal + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replaced, Math.min(above, row[j - 1]) + 1);
                diagonal = above;
            }
        }
        return row[other.length()];
    }
}
