package io.aviladb.client.option;

import java.util.Comparator;
import java.util.List;

/** What someone who mistyped a name meant. */
final class NearestName {
    private NearestName() {
    }

    /** The name with the fewest changed letters; the first of equals. */
    static String of(String typed, List<String> names) {
        return names.stream().min(Comparator.comparingInt(name -> distance(typed, name))).orElseThrow();
    }

    /** Levenshtein's distance, a row at a time. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
