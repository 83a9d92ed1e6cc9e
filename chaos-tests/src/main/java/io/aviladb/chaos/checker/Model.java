package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.Operation;
import java.util.Optional;
import java.util.Set;

/**
 * What one key does when operations come one after another.
 *
 * @param <S> state of a key: immutable, compared by content
 */
public interface Model<S> {
    /** Operations that it knows; a history with another one is not for this model. */
    Set<String> functions();

    /** State before the first operation. */
    S initial();

    /**
     * State after the operation, or nothing if it can't have this outcome in this state. An operation whose outcome is unknown is asked too.
     *
     * @param value the operation's value without its key
     */
    Optional<S> step(S state, Operation operation, Edn value);

    /** Whether an operation that was refused proves something. */
    default boolean isEvidence(Operation refused) {
        return false;
    }
}
