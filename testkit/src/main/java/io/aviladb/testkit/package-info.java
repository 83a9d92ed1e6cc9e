/**
 * A cluster for the tests of those who use AvilaDB.
 *
 * <p>
 * <b>Start here:</b> {@link io.aviladb.testkit.AvilaCluster} on a test class gives its methods a {@link io.aviladb.testkit.TestCluster}. A cluster
 * lives as long as the class; its faults are those of {@code aviladb dev}. The package has no behaviour of its own beside that.
 */
@NullMarked
package io.aviladb.testkit;

import org.jspecify.annotations.NullMarked;
