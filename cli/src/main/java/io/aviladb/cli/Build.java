package io.aviladb.cli;

/** What this build is. */
public final class Build {
    /** The format of the data on disk. A process refuses data of a later format than its own. */
    public static final int DATA_FORMAT = 1;

    private Build() {
    }

    /** The version in the jar's manifest; {@code development} where the classes are not in a jar. */
    public static String version() {
        String version = Build.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }
}
