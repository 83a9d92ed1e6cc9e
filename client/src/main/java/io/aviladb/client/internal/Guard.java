package io.aviladb.client.internal;

/** What must hold of a document for a write to happen. */
public sealed interface Guard {
    /** Whatever is there. */
    record None() implements Guard {}

    /** Something is there. */
    record Present() implements Guard {}

    /** Exactly this state is there. */
    record Matches(String etag) implements Guard {}

    Guard NONE = new None();
    Guard PRESENT = new Present();
}
