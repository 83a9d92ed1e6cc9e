package io.aviladb.core.region;

/**
 * One life of a region, by the number that the catalog gave it. Numbers are never given twice, so (HLC, incarnation) names one write for
 * ever, and a region that comes back with less than it acknowledged can't be confused with what it was.
 */
public record RegionIncarnation(int number) implements Comparable<RegionIncarnation> {
    public static final int MAX_NUMBER = 0xFFFF;

    public RegionIncarnation {
        if (number < 1 || number > MAX_NUMBER) {
            throw new IllegalArgumentException("an incarnation's number is 1 to " + MAX_NUMBER + ", not " + number);
        }
    }

    @Override
    public int compareTo(RegionIncarnation other) {
        return Integer.compare(number, other.number);
    }

    @Override
    public String toString() {
        return Integer.toString(number);
    }
}
