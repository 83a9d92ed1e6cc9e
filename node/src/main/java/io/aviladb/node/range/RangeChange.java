package io.aviladb.node.range;

/** What a split or a merge came to. */
public sealed interface RangeChange {
    /** The ranges are as the entry wants them, by it or by the same entry before. */
    record Done() implements RangeChange {}

    /** The ranges are others than the entry was made for; nothing has changed. */
    record Refused(String why) implements RangeChange {}
}
