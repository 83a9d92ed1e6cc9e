package io.aviladb.crdt.document;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.version.Version;

/**
 * A path that was written after the root was. Its value stands in the version's body at the path; a removed path has none. It hides every
 * older cell at or below its path.
 */
record Cell(FieldPath path, Version stamp, boolean missing) {}
