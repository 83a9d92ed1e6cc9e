package io.aviladb.node.range;

/** What a split or a merge came to. */
public sealed interface RangeChange {
    /** The ranges are as the entry wants them, by it or by the same entry before. */
    record Done() implements RangeChange {}

    /**
     * The ranges are others than the entry was made for; nothing has changed.
     *
     * @param forever whether the same entry can't be done later either, since an epoch has passed: only then may the operation be given up. Else a
     *     copy of the entry that is still on its way could be done behind the map's back
     */
    record Refused(String why, boolean forever) implements RangeChange {}
}
