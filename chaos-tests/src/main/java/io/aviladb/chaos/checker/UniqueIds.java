package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * No id is given twice.
 *
 * @param ascending whether those of a session also ascend; they are integers then
 */
public record UniqueIds(boolean ascending) implements Checker {
    /** @throws MalformedHistoryException if there is anything but {@code generate} */
    @Override
    public Verdict check(History history) {
        Map<Edn, Operation> owners = new HashMap<>();
        Map<Edn, Operation> last = new HashMap<>();
        for (Operation operation : history.operations()) {
            if (!operation.f().equals("generate")) {
                throw new MalformedHistoryException("not for ids: " + operation.describe());
            }
            if (!operation.ok()) {
                continue;
            }
            Operation other = owners.put(operation.value(), operation);
            if (other != null) {
                return new Verdict.Violated("the id " + operation.value().text() + " twice", List.of(other, operation));
            }
            Operation before = last.put(operation.session(), operation);
            if (ascending && before != null && before.value().number() >= operation.value().number()) {
                return new Verdict.Violated("an id of a session isn't above the one before", List.of(before, operation));
            }
        }
        return owners.isEmpty() ? new Verdict.Undecided("nothing was acknowledged") : new Verdict.Valid();
    }
}
