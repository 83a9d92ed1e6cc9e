package io.aviladb.core.consistency;

/** Where a write is on a majority's disks before it is acknowledged. */
public enum Durability {
    /** The region that took it. */
    LOCAL,
    /** One other region too. */
    REMOTE,
    /** A majority of the collection's regions. */
    MAJORITY,
    /** Every region that isn't fenced. */
    ALL
}
