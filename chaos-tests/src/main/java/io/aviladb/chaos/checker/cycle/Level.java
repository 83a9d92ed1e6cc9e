package io.aviladb.chaos.checker.cycle;

/**
 * What is promised.
 *
 * @param last the last anomaly that is forbidden
 * @param order what orders transactions beside their data
 */
public record Level(Anomaly last, Order order) {
    /** Order beside the data. */
    public enum Order {
        /** None. */
        DATA,
        /** A session's transactions follow each other. */
        SESSION,
        /** Sessions, and what ended before another began comes before it. */
        REAL_TIME
    }

    private static final String SESSION = "strong-session-";
    private static final String STRONG = "strong-";

    /**
     * By its usual name, such as {@code snapshot-isolation}, {@code strong-session-snapshot-isolation} or {@code strict-serializable}.
     *
     * @throws IllegalArgumentException if there is no such level
     */
    public static Level of(String name) {
        if (name.equals("strict-serializable")) {
            return new Level(Anomaly.G2, Order.REAL_TIME);
        }
        if (name.startsWith(SESSION)) {
            return new Level(isolation(name.substring(SESSION.length())), Order.SESSION);
        }
        if (name.startsWith(STRONG)) {
            return new Level(isolation(name.substring(STRONG.length())), Order.REAL_TIME);
        }
        return new Level(isolation(name), Order.DATA);
    }

    private static Anomaly isolation(String name) {
        return switch (name) {
            case "read-uncommitted" -> Anomaly.G0;
            case "read-committed" -> Anomaly.G1C;
            case "read-atomic" -> Anomaly.FRACTURED;
            case "snapshot-isolation" -> Anomaly.G_NONADJACENT;
            case "serializable" -> Anomaly.G2;
            default -> throw new IllegalArgumentException("no level of isolation: " + name);
        };
    }

    boolean forbids(Anomaly anomaly) {
        return anomaly.compareTo(last) <= 0;
    }
}
