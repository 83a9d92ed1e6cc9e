/**
 * The catalog: databases and collections, one replicated value for the whole cluster.
 *
 * <p><b>Start here:</b> {@link io.aviladb.node.catalog.CatalogMachine}, {@link io.aviladb.node.catalog.CatalogState}.
 *
 * <p><b>Words and invariants:</b> the <i>version</i> counts changes and never falls; a collection's {@code catalogVersion} is the version
 * that made or last altered it; a collection's id is never given twice.
 *
 * <p><b>Never depends on</b> Apache Ratis, ranges, or documents.
 */
@NullMarked
package io.aviladb.node.catalog;

import org.jspecify.annotations.NullMarked;
