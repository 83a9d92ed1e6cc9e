package io.aviladb.core.consistency;

/** What a read promises. Nothing is weakened in silence: what can't be met is refused. */
public enum ReadConsistency {
    /** Linearizable inside the region that serves. */
    STRONG,
    /** At most a stated time behind. */
    BOUNDED,
    /** Never before what the session's token has seen. */
    SESSION,
    /** A cut of the past without effects that lack their cause. */
    PREFIX,
    /** Whatever the nearest replica has. */
    EVENTUAL,
    /** The state at a given version. */
    SNAPSHOT
}
