package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;

/** Merge policies that change while regions write, in each region at times of its own, in one order everywhere. */
final class PolicySchedule {
    private final Random random;
    private final PolicyHistory all;

    /** @param changing else there is one policy, the first */
    PolicySchedule(long seed, boolean changing) {
        this.random = new Random(seed);
        this.all = changing ? new PolicyHistory(changes(random)) : RegionReplica.COLLECTION.policies();
    }

    /** Every rule and way of deleting, twice, behind the first policy. */
    private static List<MergePolicyDefinition> changes(Random random) {
        List<MergePolicyDefinition> changes = new java.util.ArrayList<>();
        for (int round = 0; round < 2; round++) {
            for (Rule rule : Rule.values()) {
                Optional<CustomMerge> custom = rule == Rule.CUSTOM ? Optional.of(greatest()) : Optional.empty();
                changes.add(new MergePolicyDefinition(rule, new TreeMap<>(), Deletes.values()[random.nextInt(3)], custom));
            }
        }
        Collections.shuffle(changes, random);
        changes.add(0, RegionReplica.COLLECTION.mergePolicy());
        return changes;
    }

    private static CustomMerge greatest() {
        return new CustomMerge("{'a': GREATEST(local.a, remote.a), 'e': GREATEST(local.e, remote.e)}", List.of("a", "e"),
                new CustomMerge.Certificate(List.of(), 0, 0, 0));
    }

    /** All that there will be: what a version names is among them. */
    PolicyHistory all() {
        return all;
    }

    void step(RegionReplica region) {
        if (random.nextInt(12) == 0) {
            learn(region, region.inOrder().get(random.nextInt(region.inOrder().size())));
        }
    }

    /** A range learns of what another one of its region knows already, or of the next policy. */
    private void learn(RegionReplica region, OwnedRange range) {
        CollectionDefinition newest = region.inOrder().stream().map(OwnedRange::collection)
                .reduce((a, b) -> a.catalogVersion() >= b.catalogVersion() ? a : b).orElseThrow();
        int known = newest.policies().number();
        if (newest.catalogVersion() > range.collection().catalogVersion()) {
            region.apply(new GroupEntry.Alter(range.ref(), newest));
        } else if (known < all.number()) {
            region.apply(new GroupEntry.Alter(range.ref(), newest.withPolicy(all.at(known + 1), newest.catalogVersion() + 1)));
        }
    }

    /** Every range learns of all that the other region knows. */
    void catchUp(RegionReplica region, RegionReplica other) {
        learnUpTo(region, other.inOrder().stream().mapToInt(range -> range.collection().policies().number()).max().orElseThrow());
    }

    /** Every range learns of all. */
    void finish(RegionReplica region) {
        learnUpTo(region, all.number());
    }

    private void learnUpTo(RegionReplica region, int number) {
        while (region.inOrder().stream().anyMatch(range -> range.collection().policies().number() < number)) {
            region.inOrder().forEach(range -> learn(region, range));
        }
    }
}
