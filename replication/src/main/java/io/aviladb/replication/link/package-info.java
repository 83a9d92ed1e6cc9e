/** Pulls from another region: one state machine per (source group, target group). */
@NullMarked
package io.aviladb.replication.link;

import org.jspecify.annotations.NullMarked;
