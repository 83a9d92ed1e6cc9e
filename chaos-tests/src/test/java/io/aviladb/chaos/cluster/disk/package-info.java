/** Disks of a test's own, for faults that must not touch the machine's. Need root. */
@NullMarked
package io.aviladb.chaos.cluster.disk;

import org.jspecify.annotations.NullMarked;
