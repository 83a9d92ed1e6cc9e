package io.aviladb.chaos.checker;

import io.aviladb.chaos.history.Edn;
import io.aviladb.chaos.history.History;
import io.aviladb.chaos.history.MalformedHistoryException;
import io.aviladb.chaos.history.Operation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * An add-wins set over regions: {@code add v}, {@code remove v}, {@code read [v ..]}, with {@code :origin} and {@code :hlc} on what was
 * acknowledged. A remove takes away the additions that it had seen: never one that began after the remove's end, always those that its own region
 * had stamped before it. At the end ({@code :final?}) all regions show the same; an addition that no remove can have seen is there; an element all
 * of whose additions were certainly seen by removes is not.
 */
public record AddWins() implements Checker {
    private static final Set<String> FUNCTIONS = Set.of("add", "remove", "read");

    /** @throws MalformedHistoryException if there is anything but adds, removes and reads */
    @Override
    public Verdict check(History history) {
        List<Operation> all = history.operations();
        Map<Edn, List<Operation>> changes = new LinkedHashMap<>();
        for (Operation operation : all) {
            if (!FUNCTIONS.contains(operation.f())) {
                throw new MalformedHistoryException("neither add, remove nor read: " + operation.describe());
            }
            if (!operation.isRead() && operation.possible()) {
                changes.computeIfAbsent(operation.value(), element -> new ArrayList<>()).add(operation);
            }
        }
        List<Operation> last = all.stream().filter(operation -> operation.ok() && operation.isFinal()).toList();
        if (last.isEmpty()) {
            return new Verdict.Undecided("nothing was read at the end");
        }
        return last.stream().flatMap(read -> strange(read, last.getFirst(), changes).stream()).findFirst()
                .or(() -> changes.entrySet().stream()
                        .flatMap(element -> wrong(element.getKey(), element.getValue(), last.getFirst()).stream())
                        .findFirst())
                .<Verdict>map(found -> found).orElseGet(Verdict.Valid::new);
    }

    private static Optional<Verdict.Violated> strange(Operation read, Operation first, Map<Edn, List<Operation>> changes) {
        List<Edn> elements = read.value().items();
        Set<Edn> once = new HashSet<>(elements);
        if (once.size() != elements.size()) {
            return Optional.of(new Verdict.Violated("an element is there twice", List.of(read)));
        }
        if (!once.equals(new HashSet<>(first.value().items()))) {
            return Optional.of(new Verdict.Violated("regions disagree at the end", List.of(first, read)));
        }
        return once.stream().filter(element -> changes.getOrDefault(element, List.of()).stream().noneMatch(AddWins::isAdd)).findFirst()
                .map(element -> new Verdict.Violated(element.text() + " was never added", List.of(read)));
    }

    private static boolean isAdd(Operation operation) {
        return operation.f().equals("add");
    }

    private static Optional<Verdict.Violated> wrong(Edn element, List<Operation> changes, Operation last) {
        List<Operation> adds = changes.stream().filter(AddWins::isAdd).toList();
        List<Operation> removes = changes.stream().filter(operation -> !isAdd(operation)).toList();
        boolean there = last.value().items().contains(element);
        Optional<Operation> alone = adds.stream()
                .filter(add -> add.ok() && removes.stream().noneMatch(remove -> remove.ended() > add.began()))
                .findFirst();
        if (!there && alone.isPresent()) {
            return Optional.of(new Verdict.Violated(element.text() + " is gone, and no remove can have seen it",
                    List.of(alone.get(), last)));
        }
        if (there && !adds.isEmpty() && adds.stream().allMatch(add -> removes.stream().anyMatch(remove -> certainlySaw(remove, add)))) {
            List<Operation> offending = new ArrayList<>(changes);
            offending.add(last);
            return Optional.of(new Verdict.Violated(element.text() + " is there, and removes had seen every addition", offending));
        }
        return Optional.empty();
    }

    private static boolean certainlySaw(Operation remove, Operation add) {
        return remove.ok() && add.ok() && remove.note("origin").isPresent() && remove.note("origin").equals(add.note("origin"))
                && remove.hlc().isPresent() && add.hlc().isPresent() && remove.hlc().get() > add.hlc().get();
    }
}
