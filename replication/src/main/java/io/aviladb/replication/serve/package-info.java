/** Answers pulls: makes batches of the local feed and sends them as fast as the other side asks. */
@NullMarked
package io.aviladb.replication.serve;

import org.jspecify.annotations.NullMarked;
