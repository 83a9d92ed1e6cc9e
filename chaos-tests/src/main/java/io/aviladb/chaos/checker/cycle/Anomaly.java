package io.aviladb.chaos.checker.cycle;

/** What can be wrong with transactions, the worst first. A level forbids all up to one of them. */
public enum Anomaly {
    /** An element twice in a list, or a value that nobody wrote. */
    GARBAGE("garbage"),
    /** A cycle of ww only. */
    G0("G0"),
    /** A value of a transaction that was refused was read. */
    G1A("G1a"),
    /** A value that its own transaction replaced was read. */
    G1B("G1b"),
    /** Two reads of a list of which neither begins with the other. */
    FORK("forked versions"),
    /** A cycle of ww and wr. */
    G1C("G1c"),
    /** A transaction contradicts itself. */
    INTERNAL("internal"),
    /** A transaction saw one write of another and missed a second one. */
    FRACTURED("fractured read"),
    /** A cycle with one rw. */
    G_SINGLE("G-single"),
    /** A cycle with several rw, of which no two are neighbours. */
    G_NONADJACENT("G-nonadjacent"),
    /** A cycle with neighbouring rw. */
    G2("G2");

    private final String label;

    Anomaly(String label) {
        this.label = label;
    }

    /** The name that the literature uses. */
    public String label() {
        return label;
    }
}
