package io.aviladb.query.merge;

import io.aviladb.core.document.JsonValue;
import io.aviladb.query.eval.AggregateState;
import io.aviladb.query.eval.Aggregates;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.eval.Unnest;
import io.aviladb.query.eval.ValueKey;
import io.aviladb.query.plan.QueryPlan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/** A plan at one source of documents: takes documents and keeps what a page can need. One thread's. */
public final class PartialRun {
    private final QueryPlan plan;
    private final PageRequest page;
    private final QueryBudget budget;
    private final Frame frame;
    private final Comparator<RowKey> order;
    private final List<PartialRow> inOrder = new ArrayList<>();
    private final PriorityQueue<PartialRow> top;
    private final Map<String, PartialRow> distinct = new HashMap<>();
    private final Map<String, Partial.Group> groups = new HashMap<>();
    private int place;
    private long pageBytes; // of the values that come after those that OFFSET passes over
    private boolean enough;
    private final boolean comesInKeyOrder;

    /** Over documents in the order of their keys. */
    public PartialRun(QueryPlan plan, Bindings bindings, PageRequest page, QueryBudget budget) {
        this(plan, bindings, page, budget, true);
    }

    /** @param comesInKeyOrder whether documents come in the order of their keys; else rows that leave in it are sorted */
    public PartialRun(QueryPlan plan, Bindings bindings, PageRequest page, QueryBudget budget, boolean comesInKeyOrder) {
        this.comesInKeyOrder = comesInKeyOrder;
        this.plan = plan;
        this.page = page;
        this.budget = budget;
        this.frame = new Frame(plan.slots(), bindings);
        this.order = RowKey.order(plan.descending());
        this.top = new PriorityQueue<>(Comparator.comparing(PartialRow::key, order).reversed());
        this.enough = page.needed() == 0;
    }

    /** A whole source. */
    public static Partial run(QueryPlan plan, Bindings bindings, PageRequest page, QueryBudget budget, DocumentSource source) {
        PartialRun run = new PartialRun(plan, bindings, page, budget);
        for (DocumentSource.Entry entry = source.next(); entry != null && run.add(entry); entry = source.next()) {
            continue;
        }
        return run.finish();
    }

    /** @return whether more documents can matter */
    public boolean add(DocumentSource.Entry entry) {
        if (enough) {
            return false;
        }
        place = 0;
        frame.set(plan.document(), plan.readsDocument() ? entry.document().root() : null);
        unnest(0, entry);
        return !enough;
    }

    private void unnest(int level, DocumentSource.Entry entry) {
        if (level < plan.unnests().size()) {
            Unnest unnest = plan.unnests().get(level);
            for (JsonValue element : unnest.elements(frame)) {
                frame.set(unnest.slot(), element);
                unnest(level + 1, entry);
            }
            return;
        }
        place++;
        if (enough || !plan.where().isTrue(frame)) {
            return;
        }
        if (plan.grouping().isPresent()) {
            group(plan.grouping().get());
        } else {
            row(entry);
        }
    }

    private void group(QueryPlan.Grouping grouping) {
        List<@Nullable JsonValue> values = evaluate(grouping.keys(), frame);
        String key = ValueKey.of(values);
        Partial.Group group = groups.get(key);
        if (group == null) {
            budget.take("Aggregate", 256L + 2L * key.length() + Sizes.bytes(values) + 128L * grouping.aggregates().size());
            group = new Partial.Group(values,
                    grouping.aggregates().stream().map(each -> Aggregates.state(each.name(), each.distinct())).toList());
        } else {
            group = new Partial.Group(lesser(group.values(), values), group.states());
        }
        groups.put(key, group);
        for (int i = 0; i < grouping.aggregates().size(); i++) {
            AggregateState state = group.states().get(i);
            int before = state.sizeBytes();
            state.add(grouping.aggregates().get(i).argument().evaluate(frame));
            budget.take("Aggregate", state.sizeBytes() - before);
        }
    }

    /** Of values that are equal but written differently ({@code 1}, {@code 1.0}) those with the lesser text, whichever came first. */
    static List<@Nullable JsonValue> lesser(List<? extends @Nullable JsonValue> a, List<? extends @Nullable JsonValue> b) {
        List<@Nullable JsonValue> values = new ArrayList<>(a.size());
        for (int i = 0; i < a.size(); i++) {
            JsonValue one = a.get(i);
            JsonValue other = b.get(i);
            boolean second = one != null && other != null && !one.equals(other) && other.toJson().compareTo(one.toJson()) < 0;
            values.add(second ? other : one);
        }
        return values;
    }

    private void row(DocumentSource.Entry entry) {
        RowKey key = new RowKey(evaluate(plan.orderKeys(), frame), entry.key().bytes(), place);
        boolean passed = page.resume().isPresent() && order.compare(key, page.resume().get().after()) <= 0;
        if (passed && !plan.distinct() || !plan.distinct() && isBeyondTop(key)) {
            return;
        }
        JsonValue value = plan.value().evaluate(frame);
        if (value == null) {
            return;
        }
        if (plan.distinct()) {
            distinct(PartialRow.of(key, value));
            return;
        }
        boolean isDocument = plan.readsDocument() && value == entry.document().root();
        if (plan.inKeyOrder() && comesInKeyOrder) {
            PartialRow row = PartialRow.ofJson(key, isDocument ? entry.document().json() : value.toJsonBytes());
            budget.take("Result", row.sizeBytes());
            inOrder.add(row);
            enough = inOrder.size() >= page.needed() || fillsPage(row);
        } else {
            top(isDocument ? PartialRow.ofJson(key, entry.document().json()) : PartialRow.of(key, value));
        }
    }

    /** Whether the page's bytes end before the row: then it is the proof that another page follows. */
    private boolean fillsPage(PartialRow row) {
        if (inOrder.size() <= page.skip()) {
            return false;
        }
        pageBytes += row.json().length;
        return pageBytes > page.maxBytes() && inOrder.size() >= page.skip() + 2;
    }

    /** Whether documents were left because what has come is all that a page can need. */
    public boolean hasEnough() {
        return enough;
    }

    /** The last of the rows that are kept, where there are as many as a page can need: rows behind it don't matter. */
    Optional<RowKey> bound() {
        return page.needed() > 0 && top.size() >= page.needed() ? Optional.ofNullable(top.peek()).map(PartialRow::key) : Optional.empty();
    }

    private boolean isBeyondTop(RowKey key) {
        PartialRow last = top.peek();
        return last != null && top.size() >= page.needed() && order.compare(key, last.key()) > 0;
    }

    private void top(PartialRow row) {
        budget.take("Sort", row.sizeBytes());
        top.add(row);
        if (top.size() > page.needed()) {
            budget.give(top.remove().sizeBytes());
        }
    }

    /** The least row of each value stands for it. */
    private void distinct(PartialRow row) {
        String key = ValueKey.of(row.value());
        PartialRow known = distinct.get(key);
        if (known == null) {
            budget.take("Distinct", row.sizeBytes() + 96L + 2L * key.length());
        }
        if (known == null || order.compare(row.key(), known.key()) < 0) {
            distinct.put(key, row);
        }
    }

    static List<@Nullable JsonValue> evaluate(List<Evaluator> evaluators, Frame frame) {
        List<@Nullable JsonValue> values = new ArrayList<>(evaluators.size());
        for (Evaluator evaluator : evaluators) {
            values.add(evaluator.evaluate(frame));
        }
        return values;
    }

    public Partial finish() {
        if (plan.grouping().isPresent()) {
            return new Partial.Groups(groups);
        }
        List<PartialRow> rows = new ArrayList<>(inOrder);
        rows.addAll(top);
        rows.addAll(distinct.values());
        rows.sort(Comparator.comparing(PartialRow::key, order));
        return new Partial.Rows(rows);
    }
}
