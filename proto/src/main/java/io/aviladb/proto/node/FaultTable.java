package io.aviladb.proto.node;

import java.util.concurrent.atomic.AtomicReference;

/** The faults and distances in force in this process. */
public final class FaultTable {
    private final AtomicReference<FaultSet> current = new AtomicReference<>(FaultSet.NONE);

    public FaultSet current() {
        return current.get();
    }

    public void replace(FaultSet faults) {
        current.set(faults);
    }
}
