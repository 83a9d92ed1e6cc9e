package io.aviladb.core.region;

import java.util.regex.Pattern;

/** A geography, by name: {@code sa-east-1}. */
public record RegionId(String name) implements Comparable<RegionId> {
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,62}");

    public RegionId {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("a region's name matches " + NAME + ", and '" + name + "' does not");
        }
    }

    @Override
    public int compareTo(RegionId other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
