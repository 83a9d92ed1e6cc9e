/** What a group's feed holds, and what of it travels between regions: rows, batches and their bytes. */
@NullMarked
package io.aviladb.replication.feed;

import org.jspecify.annotations.NullMarked;
