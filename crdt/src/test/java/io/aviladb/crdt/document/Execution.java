package io.aviladb.crdt.document;

import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.version.Version;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import io.aviladb.crdt.document.SpecDocument.Change;
import io.aviladb.crdt.document.SpecDocument.Effect;
import io.aviladb.crdt.document.SpecDocument.Write;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A random run of three regions on one document: writes of every kind, pulls in feed order, forgetting at stability. One seed, one run. */
final class Execution {
    private static final List<FieldPath> PATHS = List.of(FieldPath.of("n"), FieldPath.of("a"), FieldPath.of("a", "b"),
            FieldPath.of("a", "c"), FieldPath.of("a", "b", "d"), FieldPath.of("z"));
    private static final List<String> VALUES = List.of("1", "2.50", "'s'", "{}", "{'b':3}", "{'c':{'d':4},'b':5}", "[1,2]", "null", "true");

    private static final List<String> ELEMENTS = List.of("1", "'s'", "[2]");
    private static final List<String> REGISTERED = List.of("1", "'s'", "null", "{'b':3}", "[1,'s']");
    private static final FieldPath SINGLE = FieldPath.of("s");
    private static final FieldPath NESTED = FieldPath.of("a", "t");

    private final Random random;
    private final boolean forgetting;
    final List<Replica> replicas;
    private final PolicyHistory policies;
    final List<Set<Write>> seen = List.of(new HashSet<>(), new HashSet<>(), new HashSet<>());
    /** Each region's own versions, in its feed's order. */
    final List<List<LiveVersion>> feeds = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    private final Map<Version, Write> writes = new HashMap<>();
    final List<String> steps = new ArrayList<>();
    private final long[] clocks;

    Execution(long seed, boolean forgetting) {
        this(seed, forgetting, PolicyHistory.DEFAULT);
    }

    /** @param policies the first holds when the run begins; regions learn of the others on their way */
    Execution(long seed, boolean forgetting, PolicyHistory policies) {
        this.policies = policies;
        PolicyHistory first = new PolicyHistory(List.of(policies.at(0)), List.of(policies.schemaAt(0)));
        this.replicas = List.of(new Replica(1, first), new Replica(2, first), new Replica(3, first));
        this.random = new Random(seed);
        this.forgetting = forgetting;
        this.clocks = new long[]{1, 1 + random.nextInt(20), 1 + random.nextInt(40)};
    }

    void step() {
        int region = random.nextInt(3);
        int what = random.nextInt(10);
        if (what < 3) {
            pull(region, (region + 1 + random.nextInt(2)) % 3);
        } else if (what == 3 && forgetting && random.nextInt(3) == 0) {
            synchronize();
            replicas.stream().filter(replica -> random.nextBoolean()).forEach(Replica::forget);
            steps.add("forget");
        } else {
            if (random.nextInt(6) == 0) {
                learn(region);
            }
            write(region);
        }
    }

    /** The region learns of the next policy. */
    private void learn(int region) {
        PolicyHistory known = replicas.get(region).policies;
        if (known.number() < policies.number()) {
            replicas.get(region).policies = known.then(policies.at(known.number() + 1), policies.schemaAt(known.number() + 1));
            steps.add("region " + region + " learns of policy " + replicas.get(region).policies.number());
        }
    }

    /** The other region's newest own version at a random place of its feed: what lies between is skipped. */
    private void pull(int region, int from) {
        List<LiveVersion> feed = feeds.get(from);
        if (!feed.isEmpty()) {
            LiveVersion version = feed.get(random.nextInt(feed.size()));
            steps.add("region " + region + " pulls " + version.version());
            pull(region, version);
        }
    }

    private void pull(int region, LiveVersion version) {
        while (!replicas.get(region).policies.knows(version.policy())) {
            learn(region); // a version waits for its policy
        }
        replicas.get(region).pull(version);
        Write write = Objects.requireNonNull(writes.get(version.version()));
        seen.get(region).add(write);
        seen.get(region).addAll(write.history);
    }

    void synchronize() {
        for (int region = 0; region < 3; region++) {
            for (List<LiveVersion> feed : feeds) {
                for (LiveVersion version : feed) {
                    pull(region, version);
                }
            }
        }
        steps.add("synchronize");
    }

    private void write(int region) {
        Replica replica = replicas.get(region);
        clocks[region] += random.nextInt(6);
        long stamp = Math.max(clocks[region], replica.known.highest().bits() + 1);
        TreeMap<String, Object> before = SpecDocument.read(seen.get(region));
        int kind = random.nextInt(12);
        if (before == null || kind == 0) {
            put(region, stamp);
        } else if (kind == 1) {
            made(region, replica.delete(stamp), true, List.of(), true, null);
        } else if (kind <= 3) {
            putOnBase(region, stamp, before);
        } else {
            patch(region, stamp, before);
        }
    }

    private void put(int region, long stamp) {
        StringBuilder json = new StringBuilder("{'r':").append(random.nextInt(9));
        for (String name : List.of("a", "n", "z")) {
            if (random.nextBoolean()) {
                json.append(",'").append(name).append("':")
                        .append(name.equals("a") && random.nextBoolean() ? typedParent(region) : value());
            }
        }
        FieldType single = types(region).get(SINGLE);
        if (single != null && random.nextBoolean()) {
            json.append(",'s':").append(fitting(single));
        }
        String text = json.append('}').toString();
        steps.add("region " + region + " puts " + text + " @" + stamp);
        Object root = SpecDocument.of(JsonParser.parse(Replica.bytes(text)));
        made(region, replicas.get(region).put(stamp, text), false, List.of(new Effect(FieldPath.ROOT, root, null)), true, null);
    }

    private void putOnBase(int region, long stamp, TreeMap<String, Object> before) {
        Replica replica = replicas.get(region);
        MutableObject edited = new MutableObject(replica.live.read(replica.policies).map(Document::root).orElseThrow());
        FieldPath path = path(region);
        if (random.nextInt(3) == 0 && edited.get(path) != null) {
            edited.remove(path);
        } else {
            FieldType type = types(region).get(path);
            edited.set(path, JsonParser.parse(Replica.bytes(type == null ? value() : fitting(type))));
        }
        JsonObject after = edited.freeze();
        steps.add("region " + region + " puts on base " + after + " @" + stamp);
        List<Effect> effects = SpecDocument.difference(FieldPath.ROOT, before, SpecDocument.object(SpecDocument.of(after)),
                factTypes(region));
        made(region, replica.putOnBase(stamp, after.toJson()), false, effects, false, before);
    }

    private void patch(int region, long stamp, TreeMap<String, Object> before) {
        TreeMap<String, Object> body = SpecDocument.object(SpecDocument.copy(before));
        List<Effect> effects = new ArrayList<>();
        List<PatchOperation> operations = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            PatchOperation operation = operation(region);
            operations.add(operation);
            body = effects(written(region, operation, body), body, effects);
        }
        try {
            steps.add("region " + region + " patches " + operations + " @" + stamp);
            made(region, replicas.get(region).write(stamp, new Mutation.Patch(operations), false), false, effects, false, before);
        } catch (AvilaError refused) {
            steps.add("  refused: " + refused.detail());
        }
    }

    private PatchOperation operation(int region) {
        int kind = random.nextInt(8);
        FieldPath path = path(region);
        FieldType type = types(region).get(path);
        if (type != null && kind < 6) {
            return typed(path, type, kind);
        }
        if (kind < 3) {
            return new PatchOperation(Kind.SET, path, null, JsonParser.parse(Replica.bytes(value())));
        }
        if (kind < 6) {
            return new PatchOperation(Kind.INC, random.nextBoolean() ? FieldPath.of("n") : path, null,
                    JsonNumber.of(BigDecimal.valueOf(random.nextInt(7) - 2)));
        }
        return kind == 6 ? new PatchOperation(Kind.UNSET, path, null, null) : new PatchOperation(Kind.MOVE, path, path(region), null);
    }

    /** A field that merges by itself takes an increment as a number that is set. */
    private PatchOperation written(int region, PatchOperation operation, TreeMap<String, Object> body) {
        FieldPath path = operation.path();
        boolean custom = replicas.get(region).policies.current().custom().filter(merge -> merge.merges(path)).isPresent();
        Object now = SpecDocument.at(body, path);
        if (operation.kind() != Kind.INC || !custom || now != null && !(now instanceof BigDecimal)) {
            return operation;
        }
        BigDecimal sum = ((JsonNumber) Objects.requireNonNull(operation.value())).toBigDecimal()
                .add(now == null ? BigDecimal.ZERO : (BigDecimal) now);
        return new PatchOperation(Kind.SET, path, null, JsonNumber.of(sum));
    }

    /** What the operation does, by the specification; where it will be refused, whatever. */
    private static TreeMap<String, Object> effects(PatchOperation operation, TreeMap<String, Object> body, List<Effect> effects) {
        FieldPath path = operation.path();
        JsonValue value = operation.value();
        switch (operation.kind()) {
            case SET -> set(path, SpecDocument.of(Objects.requireNonNull(value)), body, effects);
            case UNSET -> remove(path, body, effects);
            case ADD_TO_SET, REMOVE -> {
                boolean removed = operation.kind() == Kind.REMOVE;
                Object now = SpecDocument.at(body, path);
                Set<String> elements = SpecFields.elements(now);
                String element = Objects.requireNonNull(value).toJson();
                boolean changed = removed ? elements.remove(element) : elements.add(element);
                Effect effect = new Effect(path, changed ? '[' + String.join(",", elements) + ']' : null, null,
                        new Change(element, removed));
                effects.add(effect);
                if (changed) {
                    SpecDocument.apply(body, effect);
                }
            }
            case MAX, MIN -> {
                Object now = SpecDocument.at(body, path);
                Object offered = SpecDocument.of(Objects.requireNonNull(value));
                int order = now instanceof BigDecimal number ? ((BigDecimal) offered).compareTo(number) : 0;
                if (now == null || (operation.kind() == Kind.MAX ? order > 0 : order < 0)) {
                    set(path, offered, body, effects);
                }
            }
            case INC -> {
                BigDecimal amount = ((JsonNumber) Objects.requireNonNull(value)).toBigDecimal();
                effects.add(new Effect(path, null, amount));
                SpecDocument.add(body, path, amount);
            }
            case MOVE -> {
                FieldPath from = Objects.requireNonNull(operation.from());
                Object moved = SpecDocument.copy(SpecDocument.at(body, from));
                if (moved != null && !from.equals(path)) {
                    remove(from, body, effects);
                    set(path, moved, body, effects);
                }
            }
            default -> throw new IllegalStateException("not generated: " + operation);
        }
        return body;
    }

    private static void set(FieldPath path, Object value, TreeMap<String, Object> body, List<Effect> effects) {
        FieldPath scalar = SpecDocument.blocker(body, path);
        SpecDocument.apply(body, new Effect(path, value, null));
        FieldPath cell = scalar == null ? path : scalar;
        effects.add(new Effect(cell, SpecDocument.copy(SpecDocument.at(body, cell)), null));
    }

    private static void remove(FieldPath path, TreeMap<String, Object> body, List<Effect> effects) {
        if (SpecDocument.at(body, path) != null) {
            effects.add(new Effect(path, null, null));
            SpecDocument.apply(body, new Effect(path, null, null));
        }
    }

    private void made(int region, LiveVersion version, boolean delete, List<Effect> effects, boolean replaces,
            @Nullable TreeMap<String, Object> before) {
        if (delete) {
            steps.add("region " + region + " deletes @" + version.version());
        }
        Write write = new Write(version.version(), delete, effects, seen.get(region), replaces, replicas.get(region).policies,
                before);
        writes.put(version.version(), write);
        seen.get(region).add(write);
        feeds.get(region).add(version);
        clocks[region] = Math.max(clocks[region], version.version().stamp().bits());
    }

    private PatchOperation typed(FieldPath path, FieldType type, int kind) {
        if (type == FieldType.ADD_WINS_SET || type == FieldType.REMOVE_WINS_SET) {
            return kind == 5
                    ? new PatchOperation(Kind.SET, path, null, JsonParser.parse(Replica.bytes(fitting(type))))
                    : new PatchOperation(kind < 3 ? Kind.ADD_TO_SET : Kind.REMOVE, path, null,
                            JsonParser.parse(Replica.bytes(ELEMENTS.get(random.nextInt(ELEMENTS.size())))));
        }
        Kind extreme = type == FieldType.MAX ? Kind.MAX : Kind.MIN;
        boolean number = type == FieldType.MAX || type == FieldType.MIN;
        return new PatchOperation(number && kind < 4 ? extreme : Kind.SET, path, null, JsonParser.parse(Replica.bytes(fitting(type))));
    }

    /** A value of the type. */
    private String fitting(FieldType type) {
        return switch (type) {
            case COUNTER, MAX, MIN -> String.valueOf(random.nextInt(9) - 3);
            case REGISTER -> REGISTERED.get(random.nextInt(REGISTERED.size()));
            case ENABLE_WINS_FLAG, DISABLE_WINS_FLAG -> String.valueOf(random.nextBoolean());
            case ADD_WINS_SET, REMOVE_WINS_SET -> ELEMENTS.stream().filter(element -> random.nextBoolean())
                    .collect(Collectors.joining(",", "[", "]"));
        };
    }

    private String typedParent(int region) {
        FieldType type = types(region).get(NESTED);
        return type == null ? value() : "{'t':" + fitting(type) + ",'b':2}";
    }

    /** The typed fields, for what the region writes now. */
    private Map<FieldPath, FieldType> types(int region) {
        return replicas.get(region).policies.current().fields();
    }

    private Set<FieldPath> factTypes(int region) {
        return types(region).entrySet().stream().filter(entry -> entry.getValue() != FieldType.COUNTER).map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    /** A field with a type as often as one without. */
    private FieldPath path(int region) {
        List<FieldPath> typed = List.copyOf(types(region).keySet());
        return !typed.isEmpty() && random.nextBoolean()
                ? typed.get(random.nextInt(typed.size()))
                : PATHS.get(random.nextInt(PATHS.size()));
    }

    private String value() {
        return VALUES.get(random.nextInt(VALUES.size()));
    }

    /** What the specification says of a region's document. */
    @Nullable
    TreeMap<String, Object> specified(int region) {
        return SpecDocument.read(seen.get(region));
    }

    /** What the region reads, in the specification's terms. */
    @Nullable
    Object actual(int region) {
        return replicas.get(region).live.read(replicas.get(region).policies).map(document -> SpecDocument.of(document.root())).orElse(null);
    }
}
