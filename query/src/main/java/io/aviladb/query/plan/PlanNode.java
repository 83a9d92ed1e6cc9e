package io.aviladb.query.plan;

import io.aviladb.core.document.JsonArray;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One operator of a plan as EXPLAIN shows it, the last one first.
 *
 * @param where {@code PARTIAL}: at each source of documents; {@code FINAL}: once, at the coordinator
 * @param details what it works with, by name
 * @param input where its rows come from; empty for the scan
 */
public record PlanNode(String operator, String where, Map<String, String> details, Optional<PlanNode> input) {
    public PlanNode {
        details = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(details));
    }

    /** This plan with an index in the place of the scan. */
    public PlanNode through(IndexAccess access, boolean ordered) {
        if (input.isPresent()) {
            return new PlanNode(operator, where, details, Optional.of(input.get().through(access, ordered)));
        }
        LinkedHashMap<String, String> more = new LinkedHashMap<>(details);
        more.put("access", "index(" + access.index().name() + ")");
        if (!access.conditions().isEmpty()) {
            more.put("conditions", String.join(", ", access.conditions()));
        }
        if (ordered) {
            more.put("order", access.backwards() ? "index, backwards" : "index");
        }
        return new PlanNode("IndexScan", where, more, Optional.empty());
    }

    /** This plan with another operator in the place of its last one. */
    public PlanNode under(String last, Map<String, String> more) {
        return new PlanNode(last, where, more, input);
    }

    /** A line for each operator, indented by depth. */
    public String toText() {
        StringBuilder out = new StringBuilder();
        int depth = 0;
        for (Optional<PlanNode> node = Optional.of(this); node.isPresent(); node = node.get().input(), depth++) {
            out.append(depth == 0 ? "" : "   ".repeat(depth - 1) + "└─ ").append(node.get().operator());
            node.get().details().forEach((name, value) -> out.append("  ").append(name).append(": ").append(value));
            out.append("  [").append(node.get().where()).append("]\n");
        }
        return out.toString();
    }

    public JsonObject toJson() {
        LinkedHashMap<String, JsonValue> members = new LinkedHashMap<>();
        members.put("operator", new JsonString(operator));
        members.put("where", new JsonString(where));
        details.forEach((name, value) -> members.put(name, new JsonString(value)));
        input.ifPresent(below -> members.put("input", JsonArray.of(below.toJson())));
        return new JsonObject(members);
    }
}
