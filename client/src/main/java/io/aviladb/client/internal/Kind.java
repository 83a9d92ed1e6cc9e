package io.aviladb.client.internal;

/** What may be done again. */
public enum Kind {
    /** Changes nothing: always. */
    READ,
    /** Carries its operation's id: always, the server applies it once. */
    WRITE,
    /** A definition, without an id: only where nothing was applied. */
    DEFINITION
}
