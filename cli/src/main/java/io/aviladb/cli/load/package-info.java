/** Importing documents: sources, batches, rejects, resuming. Start here: {@link io.aviladb.cli.load.Importer}. Invariant: what the state file counts as done is acknowledged, and lies before everything that is not done. */
@NullMarked
package io.aviladb.cli.load;

import org.jspecify.annotations.NullMarked;
