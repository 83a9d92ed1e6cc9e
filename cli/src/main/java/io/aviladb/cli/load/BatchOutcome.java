package io.aviladb.cli.load;

import java.util.List;

/** What became of a batch: every record is imported or rejected. */
record BatchOutcome(Batch batch, long imported, List<Reject> rejects) {
    BatchOutcome {
        rejects = List.copyOf(rejects);
    }

    /** @param document the record as the source has it */
    record Reject(long line, String code, String message, String document) {}
}
