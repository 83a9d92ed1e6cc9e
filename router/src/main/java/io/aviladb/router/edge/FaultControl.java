package io.aviladb.router.edge;

import io.aviladb.core.document.JsonObject;
import java.util.concurrent.CompletableFuture;

/** Injects faults where that is enabled. Whoever runs the nodes implements it. */
public interface FaultControl {
    /** Plays one command of {@code POST /v1/faults}; completes with what is then in force. Fails with AvilaError. */
    CompletableFuture<JsonObject> apply(JsonObject command);

    JsonObject inForce();
}
