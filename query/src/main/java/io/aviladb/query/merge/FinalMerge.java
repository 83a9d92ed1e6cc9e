package io.aviladb.query.merge;

import io.aviladb.core.document.JsonValue;
import io.aviladb.query.eval.AggregateState;
import io.aviladb.query.eval.Aggregates;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.eval.ValueKey;
import io.aviladb.query.plan.QueryPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Makes a page of partial results. A pure function of them, whatever their order, but that it uses up the states of groups. */
public final class FinalMerge {
    private FinalMerge() {
    }

    /**
     * A page.
     *
     * @param next where the next one begins; empty where the end is proven
     */
    public record Page(List<PartialRow> rows, Optional<ResumePoint> next) {
        public Page {
            rows = List.copyOf(rows);
        }

        public List<JsonValue> values() {
            return rows.stream().map(PartialRow::value).toList();
        }

        /** Where each of the values stands in the order; of a row of documents, it names the document. */
        public List<RowKey> keys() {
            return rows.stream().map(PartialRow::key).toList();
        }
    }

    public static Page page(QueryPlan plan, Bindings bindings, PageRequest request, List<Partial> partials) {
        Comparator<RowKey> order = RowKey.order(plan.descending());
        List<PartialRow> rows = plan.grouping().map(grouping -> groups(plan, grouping, bindings, partials))
                .orElseGet(() -> rows(partials));
        rows.sort(Comparator.comparing(PartialRow::key, order)); // runs that are in order already: a merge
        if (plan.distinct()) {
            Set<String> seen = new HashSet<>();
            rows.removeIf(row -> !seen.add(ValueKey.of(row.value())));
        }
        request.resume().ifPresent(resume -> rows.removeIf(row -> order.compare(row.key(), resume.after()) <= 0));
        return cut(rows, request);
    }

    private static List<PartialRow> rows(List<Partial> partials) {
        List<PartialRow> rows = new ArrayList<>();
        for (Partial partial : partials) {
            rows.addAll(((Partial.Rows) partial).rows());
        }
        return rows;
    }

    private static List<PartialRow> groups(QueryPlan plan, QueryPlan.Grouping grouping, Bindings bindings, List<Partial> partials) {
        Map<String, Partial.Group> merged = new HashMap<>();
        for (Partial partial : partials) {
            ((Partial.Groups) partial).groups().forEach((key, group) -> merged.merge(key, group, FinalMerge::both));
        }
        if (grouping.everything() && merged.isEmpty()) {
            merged.put("", new Partial.Group(List.of(),
                    grouping.aggregates().stream().map(each -> Aggregates.state(each.name(), each.distinct())).toList()));
        }
        Frame frame = new Frame(plan.slots(), bindings);
        List<PartialRow> rows = new ArrayList<>();
        for (Partial.Group group : merged.values()) {
            for (int i = 0; i < grouping.keySlots().size(); i++) {
                frame.set(grouping.keySlots().get(i), group.values().get(i));
            }
            for (int i = 0; i < grouping.aggregates().size(); i++) {
                frame.set(grouping.aggregates().get(i).slot(), group.states().get(i).result());
            }
            JsonValue value = plan.value().evaluate(frame);
            boolean kept = grouping.having().isEmpty() || grouping.having().get().isTrue(frame);
            if (kept && value != null) {
                rows.add(PartialRow.of(new RowKey(PartialRun.evaluate(plan.orderKeys(), frame), new byte[0], 0), value));
            }
        }
        return rows;
    }

    private static Partial.Group both(Partial.Group a, Partial.Group b) {
        for (int i = 0; i < a.states().size(); i++) {
            AggregateState into = a.states().get(i);
            into.merge(b.states().get(i));
        }
        return new Partial.Group(PartialRun.lesser(a.values(), b.values()), a.states());
    }

    private static Page cut(List<PartialRow> rows, PageRequest request) {
        List<PartialRow> page = new ArrayList<>();
        long bytes = 0;
        long end = Math.min(rows.size(),
                request.skip() > Long.MAX_VALUE - request.limit() ? Long.MAX_VALUE : request.skip() + request.limit());
        for (long i = request.skip(); i < end; i++) {
            PartialRow row = rows.get((int) i);
            int size = row.json().length;
            boolean full = page.size() >= request.pageSize() || bytes + size > request.maxBytes();
            if (full && !page.isEmpty()) {
                long remaining = request.limit() == Long.MAX_VALUE ? Long.MAX_VALUE : request.limit() - page.size();
                return new Page(page, Optional.of(new ResumePoint(rows.get((int) i - 1).key(), remaining)));
            }
            page.add(row);
            bytes += size;
        }
        return new Page(page, Optional.empty());
    }
}
