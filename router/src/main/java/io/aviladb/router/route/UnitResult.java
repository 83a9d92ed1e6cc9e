package io.aviladb.router.route;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.write.UnitAnswer;

/** How a unit went. */
public sealed interface UnitResult {
    /** Apply judged it: it happened, or it was refused. */
    record Answered(UnitAnswer answer, Served served) implements UnitResult {}

    /** No answer of apply came. The error's code tells whether it may have happened. */
    record Failed(AvilaError error) implements UnitResult {}
}
