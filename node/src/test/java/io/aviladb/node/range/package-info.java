/** Several regions on one thread: real state machines and stores, with the log, the links and the clocks under the test's control. */
@NullMarked
package io.aviladb.node.range;

import org.jspecify.annotations.NullMarked;
