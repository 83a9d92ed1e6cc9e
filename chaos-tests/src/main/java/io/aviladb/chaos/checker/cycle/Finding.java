package io.aviladb.chaos.checker.cycle;

import io.aviladb.chaos.history.Operation;
import java.util.List;

/** An anomaly that is proven. */
record Finding(Anomaly anomaly, String why, List<Operation> offending) {
    Finding {
        offending = List.copyOf(offending);
    }
}
