package io.aviladb.query.eval;

import io.aviladb.core.document.JsonValue;
import org.jspecify.annotations.Nullable;

/** What an expression reads: slot 0 the document, further slots the unnested elements, then groups; and what was bound. One thread's. */
public final class Frame {
    private final @Nullable JsonValue[] slots;
    private final Bindings bindings;

    public Frame(int slots, Bindings bindings) {
        this.slots = new @Nullable JsonValue[slots];
        this.bindings = bindings;
    }

    public @Nullable JsonValue get(int slot) {
        return slots[slot];
    }

    public void set(int slot, @Nullable JsonValue value) {
        slots[slot] = value;
    }

    public Bindings bindings() {
        return bindings;
    }
}
