/**
 * What clients asked, what they were told and when: the record that checkers judge.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.chaos.history.History} reads and writes a file; {@link io.aviladb.chaos.history.Recorder} makes one while
 * a workload runs. The format is EDN, one event a line, so that other people's checkers read the same file. Invariants: index and time ascend; a
 * process has one operation open at a time and is never used again after an unknown outcome ({@link io.aviladb.chaos.history.Lint}). This
 * package depends on nothing but the JDK. Paper: Kingsbury and Alvaro, "Elle" (VLDB 2020), section 3.
 */
@NullMarked
package io.aviladb.chaos.history;

import org.jspecify.annotations.NullMarked;
