/** What is covered, what others have acknowledged, and so what may be forgotten. */
@NullMarked
package io.aviladb.replication.progress;

import org.jspecify.annotations.NullMarked;
