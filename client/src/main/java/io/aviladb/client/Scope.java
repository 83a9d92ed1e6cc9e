package io.aviladb.client;

/** Which regions a listing asks. */
public enum Scope {
    /** The one that answers. */
    LOCAL,
    /** All; merged by key and version. */
    GLOBAL
}
