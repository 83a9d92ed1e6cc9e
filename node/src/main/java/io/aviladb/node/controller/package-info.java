/**
 * A region's controller: which group of the region has which range.
 *
 * <p><b>Start here:</b> {@link io.aviladb.node.controller.ControllerMachine}, {@link io.aviladb.node.controller.RangeMap}.
 *
 * <p><b>Words and invariants:</b> the map's <i>version</i> counts changes and never falls; a range's number is never given twice; ranges
 * don't overlap, and a collection's ranges cover all of its keys.
 *
 * <p><b>Never depends on</b> Apache Ratis, the catalog, or documents.
 */
@NullMarked
package io.aviladb.node.controller;

import org.jspecify.annotations.NullMarked;
