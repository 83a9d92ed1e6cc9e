package io.aviladb.storage.head;

/**
 * A head table for metrics.
 *
 * @param state
 *            what it is doing
 * @param entries
 *            heads it holds; about
 * @param bytes
 *            off-heap memory
 * @param answered
 *            reads answered
 * @param unknown
 *            reads that went to the files
 * @param builds
 *            completed builds
 * @param drops
 *            times it was dropped
 */
public record HeadTableStatistics(HeadTable.State state, long entries, long bytes, long answered, long unknown, long builds, long drops) {}
