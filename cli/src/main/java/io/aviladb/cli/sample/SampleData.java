package io.aviladb.cli.sample;

import io.aviladb.cli.load.RecordSource;
import java.io.IOException;
import java.nio.file.Path;

/** A data set to try things with. */
public interface SampleData {
    String name();

    String description();

    /** Who made it and what its licence asks for; empty where it is generated. */
    String attribution();

    String database();

    String collection();

    String partitionKey();

    long defaultCount();

    /**
     * Opens it.
     *
     * @param count at most so many documents
     * @param seed of what is generated
     * @param cache where what is fetched is kept
     */
    RecordSource open(long count, long seed, Path cache) throws IOException, InterruptedException;
}
