/** What users deploy: the image that {@code deploy} builds, in containers as the published compose file describes them. Start at {@link ContainersIT}. */
@NullMarked
package io.aviladb.chaos.cluster.docker;

import org.jspecify.annotations.NullMarked;
