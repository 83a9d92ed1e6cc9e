package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A merge policy as it is declared.
 *
 * @param rule what becomes of fields without a type
 * @param fields types by path; none lies below another
 * @param deletes what becomes of a delete and an update neither of which has seen the other
 * @param custom with {@link Rule#CUSTOM} alone: how some fields merge
 */
public record MergePolicyDefinition(Rule rule, SortedMap<FieldPath, FieldType> fields, Deletes deletes, Optional<CustomMerge> custom) {
    /** How concurrent updates are read. The order is the wire's. */
    public enum Rule {
        /** Per field the newest write. */
        LWW,
        /** The newest write of the document, whole. */
        LWW_DOCUMENT,
        /** Some fields by an expression, the others per field the newest write. */
        CUSTOM,
        /** Versions that lose something by one another stand side by side until somebody resolves them; until then the newest shows, whole. */
        MANUAL
    }

    /** What a path's values are. The order is the wire's. */
    public enum FieldType {
        /** A number; concurrent increments add up. */
        COUNTER,
        /** A number; of concurrent writes the greatest shows. */
        MAX,
        /** A number; of concurrent writes the least shows. */
        MIN,
        /** A boolean; of concurrent writes true wins. */
        ENABLE_WINS_FLAG,
        /** A boolean; of concurrent writes false wins. */
        DISABLE_WINS_FLAG,
        /** An array read as a set; of an add and a concurrent removal of one element the add wins. */
        ADD_WINS_SET,
        /** An array read as a set; of an add and a concurrent removal of one element the removal wins. */
        REMOVE_WINS_SET,
        /** Any value but an array; concurrent writes stand beside one another, as an array. */
        REGISTER
    }

    /** How a delete and a concurrent update are read. The order is the wire's. */
    public enum Deletes {
        /** The newest of all decides. */
        LATER,
        /** Any delete does. */
        DELETE_WINS,
        /** Any update does. */
        UPDATE_WINS
    }

    /** More types than a policy may declare: the wire tells by it a list of policies from a policy. */
    static final int MAX_FIELDS = 0xFFFF;
    public static final MergePolicyDefinition DEFAULT = new MergePolicyDefinition(new TreeMap<>());

    public MergePolicyDefinition {
        fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
        if (fields.size() >= MAX_FIELDS || fields.containsKey(FieldPath.ROOT)) {
            throw new IllegalArgumentException("a policy types fewer than " + MAX_FIELDS + " fields, and not the whole document");
        }
        if (custom.isPresent() != (rule == Rule.CUSTOM)
                || fields.keySet().stream().anyMatch(path -> custom.filter(it -> it.merges(path)).isPresent())) {
            throw new IllegalArgumentException("a custom policy has a merge, of fields without types; no other has one");
        }
    }

    /** Without a custom merge. */
    public MergePolicyDefinition(Rule rule, SortedMap<FieldPath, FieldType> fields, Deletes deletes) {
        this(rule, fields, deletes, Optional.empty());
    }

    /** Default {@code lww}, deletes {@code later}. */
    public MergePolicyDefinition(SortedMap<FieldPath, FieldType> fields) {
        this(Rule.LWW, fields, Deletes.LATER);
    }

    /** Whether a document is read and written as one value: one of its versions shows, whole. */
    public boolean isWhole() {
        return rule == Rule.LWW_DOCUMENT || rule == Rule.MANUAL;
    }

    /**
     * Fields by path. What holds for the whole document stands under the root's path, and only where it is not the default: a policy that says
     * nothing of it has the bytes that it had before there was a choice.
     */
    public void write(ByteWriter out) {
        boolean whole = rule != Rule.LWW || deletes != Deletes.LATER;
        out.writeVarInt(fields.size() + (whole ? 1 : 0));
        if (whole) {
            out.writeString(FieldPath.ROOT.toString()).writeByte(rule.ordinal() << 4 | deletes.ordinal());
            custom.ifPresent(merge -> merge.write(out));
        }
        fields.forEach((path, type) -> out.writeString(path.toString()).writeByte(type.ordinal()));
    }

    public static MergePolicyDefinition read(ByteReader in) {
        return read(in, in.readCount());
    }

    static MergePolicyDefinition read(ByteReader in, int count) {
        Rule rule = Rule.LWW;
        Deletes deletes = Deletes.LATER;
        TreeMap<FieldPath, FieldType> fields = new TreeMap<>();
        Optional<CustomMerge> custom = Optional.empty();
        for (int i = 0; i < count; i++) {
            FieldPath path = FieldPath.parse(in.readString());
            int value = in.readByte();
            if (path.isRoot()) {
                rule = constant(Rule.values(), value >>> 4);
                deletes = constant(Deletes.values(), value & 0xF);
                custom = rule == Rule.CUSTOM ? Optional.of(CustomMerge.read(in)) : Optional.empty();
            } else {
                fields.put(path, constant(FieldType.values(), value));
            }
        }
        return new MergePolicyDefinition(rule, fields, deletes, custom);
    }

    private static <E> E constant(E[] all, int ordinal) {
        if (ordinal >= all.length) {
            throw new MalformedBytesException("a merge policy says what this software doesn't know: " + ordinal);
        }
        return all[ordinal];
    }
}
