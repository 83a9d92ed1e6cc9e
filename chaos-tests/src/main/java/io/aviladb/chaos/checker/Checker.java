package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;

/** Judges histories against one promise. */
@FunctionalInterface
public interface Checker {
    /** @throws MalformedHistoryException if the history is of another workload */
    Verdict check(History history);
}
