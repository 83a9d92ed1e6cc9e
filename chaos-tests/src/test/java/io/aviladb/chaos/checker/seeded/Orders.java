package io.aviladb.chaos.checker.seeded;

import io.aviladb.chaos.history.Edn;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The oracle: whether any order of the operations explains them, found by trying all. */
final class Orders {
    private final KeyWorld world;
    private final List<Draft.Op> ops;
    private final Set<List<Object>> tried = new HashSet<>();

    private Orders(KeyWorld world, List<Draft.Op> ops) {
        this.world = world;
        this.ops = ops;
    }

    /** @param refusals whether a cas that was refused because of the value proves something */
    static boolean explain(KeyWorld world, Draft draft, boolean refusals) {
        return new Orders(world, draft.ops().stream().filter(op -> op.ok() || !op.isRead() && op.end() == Draft.NEVER
                || refusals && op.refused() && op.notes().containsKey("error")).toList()).from(0, world.initial());
    }

    private boolean from(int placed, Edn state) {
        if (!tried.add(List.of(placed, state))) {
            return false;
        }
        int firstEnd = Draft.NEVER;
        boolean done = true;
        for (int n = 0; n < ops.size(); n++) {
            if ((placed & 1 << n) == 0 && ops.get(n).end() != Draft.NEVER) {
                firstEnd = Math.min(firstEnd, ops.get(n).end());
                done = false;
            }
        }
        if (done) {
            return true;
        }
        for (int n = 0; n < ops.size(); n++) {
            Draft.Op op = ops.get(n);
            if ((placed & 1 << n) == 0 && op.begin() < firstEnd) {
                @Nullable
                Edn next = world.after(state, op.f(), (op.ok() ? op.told() : op.asked()).items().get(1), op.refused());
                if (next != null && from(placed | 1 << n, next)) {
                    return true;
                }
            }
        }
        return false;
    }
}
