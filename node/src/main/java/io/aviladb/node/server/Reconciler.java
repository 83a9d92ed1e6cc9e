package io.aviladb.node.server;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.controller.ControllerEntry;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.RangeMap;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.GroupEntry;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.range.TransferStep;
import io.aviladb.node.range.Transfers;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Brings what is in line with what is declared: the controller's leader gives each collection of the catalog its range; a data group's leader takes
 * on the ranges that the map gives it, and lets go of those that it takes away. Every step is an entry in a log and can be taken again: a crash
 * anywhere resumes.
 */
final class Reconciler {
    /** A step that didn't come back is tried again after this time. */
    private static final long RETRY_MILLIS = 1_000;

    private final Map<String, Long> tried = new TreeMap<>(); // step to the time of its last try; owned by the upkeep thread
    private final Set<Integer> everSeen = new HashSet<>(); // collections that were in some catalog here: only those can be known to be dropped

    void controller(RaftGroup raft, ControllerMachine machine, CatalogView catalog, long nowMillis) {
        catalog.collections().forEach(collection -> everSeen.add(collection.id()));
        if (!raft.leadership().ready() || catalog.version() == 0) {
            return;
        }
        RangeMap map = machine.map();
        Set<Integer> defined = new HashSet<>();
        for (CollectionDefinition collection : catalog.collections()) {
            defined.add(collection.id());
            if (map.rangesOf(collection.id()).isEmpty()) {
                once("assign " + collection.id(), nowMillis,
                        () -> raft.propose(new ControllerEntry.Assign(collection.id()).encode(), null));
            }
        }
        for (RangeMap.Range range : map.ranges()) {
            if (!defined.contains(range.collection()) && everSeen.contains(range.collection())) {
                once("unassign " + range.collection(), nowMillis,
                        () -> raft.propose(new ControllerEntry.Drop(range.collection()).encode(), null));
            }
        }
    }

    void dataGroup(DataGroup group, @Nullable RangeMap map, CatalogView catalog, List<RegionIncarnation> regions, long nowMillis) {
        if (map == null || map.version() == 0 || !group.leads()) {
            return;
        }
        int number = group.descriptor().number();
        Map<Long, OwnedRange> owned = group.machine().ranges();
        Set<Long> mapped = new HashSet<>();
        for (RangeMap.Range range : map.ranges()) {
            if (range.group() != number) {
                continue;
            }
            mapped.add(range.ref().range());
            Optional<CollectionDefinition> collection = catalog.collections().stream().filter(c -> c.id() == range.collection())
                    .findFirst();
            if (collection.isEmpty()) {
                continue;
            }
            OwnedRange here = owned.get(range.ref().range());
            if (here == null && group.machine().transfers().allows(range.keys(), range.ref().epoch())) {
                once("activate " + range.ref(), nowMillis,
                        () -> group.propose(new GroupEntry.Activate(range.ref(), range.keys(), collection.get(), regions)));
            } else if (here != null && here.collection().catalogVersion() < collection.get().catalogVersion()) {
                once("alter " + range.ref() + " " + collection.get().catalogVersion(), nowMillis,
                        () -> group.propose(new GroupEntry.Alter(range.ref(), collection.get())));
            }
        }
        transfers(group, map, nowMillis);
        for (OwnedRange range : owned.values()) {
            if (!mapped.contains(range.ref().range()) && range.ref().range() < map.nextRange() && isOfNoRange(map, range.keys())) {
                once("drop " + range.ref(), nowMillis, () -> group.propose(new GroupEntry.Drop(range.ref())));
            }
        }
    }

    /**
     * Copies of transfers that the map knows nothing of any more: the collection was dropped, or a step came after its transfer was given up. Those
     * that run are their operation's.
     */
    private void transfers(DataGroup group, RangeMap map, long nowMillis) {
        Transfers transfers = group.machine().transfers();
        transfers.leaving().forEach((operation, leaving) -> {
            if (leaving.range().range() < map.nextRange() && isOfNoRange(map, leaving.keys())) {
                once("leave " + operation, nowMillis, () -> group.propose(
                        new GroupEntry.Transfer(new TransferStep.Leave(operation, leaving.range(), group.descriptor().number()))));
            }
        });
        transfers.arriving().forEach((operation, arriving) -> {
            boolean stayed = map.ranges().stream().anyMatch(
                    range -> range.keys().intersect(arriving.keys()).isPresent()
                            && range.ref().epoch() > TransferStep.moved(arriving.range()).epoch());
            if (arriving.range().range() < map.nextRange() && (stayed || isOfNoRange(map, arriving.keys()))) {
                once("discard " + operation, nowMillis,
                        () -> group.propose(new GroupEntry.Transfer(new TransferStep.Discard(operation, arriving.range()))));
            }
        });
    }

    /** HAZARD: a range whose keys the map has under another name is a child that the map hasn't heard of yet; dropped, its documents are lost. */
    private static boolean isOfNoRange(RangeMap map, KeyRange keys) {
        return map.ranges().stream().noneMatch(other -> other.keys().intersect(keys).isPresent());
    }

    private void once(String step, long nowMillis, java.util.function.Supplier<java.util.concurrent.CompletableFuture<Object>> action) {
        Long before = tried.get(step);
        if (before != null && nowMillis - before >= 0 && nowMillis - before < RETRY_MILLIS) {
            return;
        }
        if (tried.size() > 10_000) {
            tried.clear();
        }
        tried.put(step, nowMillis);
        var unused = action.get().exceptionally(failure -> false); // not done: seen again at the next look
    }
}
