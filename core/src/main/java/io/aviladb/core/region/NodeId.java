package io.aviladb.core.region;

/** A node of a region: {@code sa-east-1/1}, counted from 1. */
public record NodeId(RegionId region, int ordinal) implements Comparable<NodeId> {
    public NodeId {
        if (ordinal < 1 || ordinal > 9_999) {
            throw new IllegalArgumentException("a node's number is 1 to 9999, not " + ordinal);
        }
    }

    /** @throws IllegalArgumentException where the text is not {@code region/n} */
    public static NodeId parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("a node is written region/n, and '" + text + "' is not");
        }
        try {
            return new NodeId(new RegionId(text.substring(0, slash)), Integer.parseInt(text.substring(slash + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a node is written region/n, and '" + text + "' is not", e);
        }
    }

    @Override
    public int compareTo(NodeId other) {
        int byRegion = region.compareTo(other.region);
        return byRegion != 0 ? byRegion : Integer.compare(ordinal, other.ordinal);
    }

    @Override
    public String toString() {
        return region + "/" + ordinal;
    }
}
