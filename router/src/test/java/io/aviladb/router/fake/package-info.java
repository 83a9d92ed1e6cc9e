/** A cluster in memory behind the node's interface: {@link io.aviladb.router.fake.FakeCluster}. */
@NullMarked
package io.aviladb.router.fake;

import org.jspecify.annotations.NullMarked;
