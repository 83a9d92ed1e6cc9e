package io.aviladb.cli.load;

import java.io.Closeable;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Gives records in the source's order, the same each time that the same source is read. */
public interface RecordSource extends Closeable {
    /** @return the next record; null at the end */
    @Nullable
    SourceRecord next() throws IOException;

    @Override
    default void close() throws IOException {
    }
}
