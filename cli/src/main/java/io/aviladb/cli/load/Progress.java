package io.aviladb.cli.load;

/** Told how far an import is; after each batch, in order. */
public interface Progress {
    Progress SILENT = (state, bytes) -> {};

    /** @param bytesDone of the source, or -1 where nothing says */
    void advanced(ImportState state, long bytesDone);

    /** The import is over. */
    default void ended() {
    }
}
