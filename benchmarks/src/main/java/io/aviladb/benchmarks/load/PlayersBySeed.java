package io.aviladb.benchmarks.load;

import io.aviladb.cli.load.RecordSource;
import io.aviladb.cli.load.SourceRecord;
import io.aviladb.cli.sample.Samples;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonString;
import java.io.IOException;
import java.nio.file.Path;

/** The sample players of one seed, under names that the seed makes different from other seeds' players. Used by one thread at a time. */
public final class PlayersBySeed {
    private final long seed;
    private final RecordSource source;
    private long given;

    public PlayersBySeed(long seed) throws IOException, InterruptedException {
        this.seed = seed;
        this.source = Samples.named("players").open(Long.MAX_VALUE, seed, Path.of(""));
    }

    /** The name, both id and partition, of the player that {@link #next} gave last. */
    public String lastName() {
        return "player" + seed + "x" + given;
    }

    public Document next() {
        try {
            if (source.next() instanceof SourceRecord.Parsed player) {
                given++;
                JsonString name = new JsonString(lastName());
                return Document.of(player.document().with("id", name).with("userId", name));
            }
        } catch (IOException e) {
            throw new IllegalStateException("players are made, not read", e);
        }
        throw new IllegalStateException("players never end");
    }
}
