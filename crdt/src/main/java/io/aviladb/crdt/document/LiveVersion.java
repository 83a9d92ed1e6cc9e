package io.aviladb.crdt.document;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.crdt.type.FieldState;
import io.aviladb.crdt.type.TypedField;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One live version of a document: an update with its whole body, or a delete. Immutable; the body's array is shared and must not be changed.
 *
 * <p>What a merge needs beyond the body is kept only where it says more than the version's own stamp: a document that was written by whole
 * puts and inserts has none of it.
 */
public final class LiveVersion {
    /** Of the first byte of an encoded version. */
    private static final int FORMAT = 1 << 4;
    /** As the first, and the number of a later policy follows the first byte. */
    private static final int FORMAT_WITH_POLICY = 2 << 4;
    /** As the second, and typed fields follow the counters. */
    private static final int FORMAT_WITH_FIELDS = 3 << 4;
    /** As the third, and each typed field says which objects it holds. */
    private static final int FORMAT_WITH_HELD = 4 << 4;
    /** A delete with a policy's number, whose cause is that the document had expired. */
    private static final int FORMAT_OF_EXPIRY = 8 << 4;
    private static final int DELETE = 1;
    private static final int VECTOR = 2;
    private static final int CELLS = 4;
    private static final int COUNTERS = 8;
    private static final byte[] NO_BODY = new byte[0];

    private final Version version;
    private final VersionVector vector;
    private final boolean delete;
    private final byte[] json;
    private final Version root;
    private final Cells cells;
    private final Counters counters;
    private final Fields fields;
    private final int policy;
    private final boolean expiry;

    LiveVersion(Version version, VersionVector vector, boolean delete, byte[] json, Version root, Cells cells, Counters counters,
            Fields fields, int policy) {
        this(version, vector, delete, json, root, cells, counters, fields, policy, false);
    }

    private LiveVersion(Version version, VersionVector vector, boolean delete, byte[] json, Version root, Cells cells, Counters counters,
            Fields fields, int policy, boolean expiry) {
        this.expiry = expiry;
        this.version = version;
        this.vector = vector;
        this.delete = delete;
        this.json = json;
        this.root = root;
        this.cells = cells;
        this.counters = counters;
        this.fields = fields;
        this.policy = policy;
        // Invariant: the vector covers the version, and no stamp is above its own (S1).
        if (!vector.covers(version) || vector.highest().isAfter(version.stamp()) || root.compareTo(version) > 0 || policy < 0) {
            throw new IllegalArgumentException("version " + version + " does not lie above what it has seen: " + vector);
        }
        if (delete != (json.length == 0)) {
            throw new IllegalArgumentException("an update has a body and a delete has none");
        }
    }

    /** A whole body without a history: what an import or a test begins with. */
    public static LiveVersion update(Version version, VersionVector vector, byte[] json) {
        return new LiveVersion(version, vector, false, json, version, Cells.EMPTY, Counters.EMPTY, Fields.EMPTY, 0);
    }

    /** A delete without a history. */
    public static LiveVersion tombstone(Version version, VersionVector vector) {
        return delete(version, vector, Counters.EMPTY, 0);
    }

    static LiveVersion delete(Version version, VersionVector vector, Counters counters, int policy) {
        return new LiveVersion(version, vector, true, NO_BODY, version, Cells.EMPTY, counters, Fields.EMPTY, policy);
    }

    /**
     * The delete of a document that has expired. It says nothing of what it hasn't seen: beside a version of another kind it counts for nothing, so
     * that it can't take away what somebody extended or made anew elsewhere.
     */
    static LiveVersion expiry(Version version, VersionVector vector, Counters counters, int policy) {
        return new LiveVersion(version, vector, true, NO_BODY, version, Cells.EMPTY, counters, Fields.EMPTY, policy, true);
    }

    /** Whether this is a delete since the document had expired. */
    public boolean isExpiry() {
        return expiry;
    }

    public Version version() {
        return version;
    }

    /** All that this version has seen, itself included. */
    public VersionVector vector() {
        return vector;
    }

    public boolean isDelete() {
        return delete;
    }

    /** Canonical JSON as the writer saw the document after its write; empty for a delete. Shared: not to be changed. */
    public byte[] json() {
        return json;
    }

    /** The body, unparsed. @throws IllegalStateException for a delete */
    public Document document() {
        if (delete) {
            throw new IllegalStateException("a delete has no body");
        }
        return Document.ofCanonical(json);
    }

    /** Bytes of canonical JSON; 0 for a delete. */
    public int sizeBytes() {
        return json.length;
    }

    /** The stamp of the last write of the whole document, in or before this version. */
    public Version root() {
        return root;
    }

    /** The number of the collection's merge policy that was in force where this was written. */
    public int policy() {
        return policy;
    }

    /** Whether this version has counters: a put on it then carries their sums along. */
    public boolean hasCounters() {
        return !counters.isEmpty();
    }

    Cells cells() {
        return cells;
    }

    Counters counters() {
        return counters;
    }

    Fields fields() {
        return fields;
    }

    /** What is known of a typed field; null where its value doesn't fit the type. Of an update. */
    @Nullable
    FieldState field(FieldPath path, TypedField type) {
        JsonValue value = document().at(path).orElse(null);
        return value == null || type.fits(value) ? FieldDots.state(type, value, fields.byPath().get(path), covering(path)) : null;
    }

    Version covering(FieldPath path) {
        return cells.covering(path, root);
    }

    /**
     * The newest write of this version, or of one that it carries on, which reaches the path (at it, above or below) and which the vector has not
     * seen. An increment is no write of this kind: it overwrites nothing.
     */
    public Optional<Version> written(FieldPath path, VersionVector seen) {
        Version newest = seen.covers(root) ? null : root;
        for (Cell cell : cells.list()) {
            boolean reaches = cell.path().contains(path) || path.contains(cell.path());
            if (reaches && !seen.covers(cell.stamp()) && (newest == null || cell.stamp().compareTo(newest) > 0)) {
                newest = cell.stamp();
            }
        }
        return Optional.ofNullable(newest);
    }

    /**
     * Whether an encoded version keeps what stability makes superfluous and nothing else bounds: dots of typed fields and removals, and cells of
     * paths that have no value any more. Cells of values are no more than the values.
     *
     * @throws MalformedBytesException where the bytes are no version
     */
    public static boolean isForgettable(byte[] bytes) {
        int flags = bytes.length == 0 ? 0 : bytes[0];
        return (flags & 0xF0) >= FORMAT_WITH_FIELDS
                || (flags & CELLS) != 0 && decode(bytes).cells().list().stream().anyMatch(Cell::missing);
    }

    /** Whether the other has seen this version. */
    public boolean isDominatedBy(LiveVersion other) {
        return !version.equals(other.version) && other.vector.covers(version);
    }

    public byte[] encode() {
        // Exact for a whole put that has seen nothing else, which most are: its body is copied once.
        int fixed = 1 + 8 + ByteWriter.varLongBytes(version.region().number());
        boolean common = vector.size() == 1 && root.equals(version) && cells.isEmpty() && counters.isEmpty() && format() == FORMAT;
        ByteWriter out = new ByteWriter(json.length + (common ? fixed : 48));
        write(out);
        return out.toByteArray();
    }

    /** As {@link #encode}, appended; the body comes last and has no length, so whoever appends it must know where it ends. */
    public void write(ByteWriter out) {
        boolean alone = vector.size() == 1;
        boolean written = !root.equals(version) || !cells.isEmpty();
        out.writeByte(format() | (delete ? DELETE : 0) | (alone ? 0 : VECTOR) | (written ? CELLS : 0)
                | (counters.isEmpty() ? 0 : COUNTERS));
        if (format() != FORMAT) {
            out.writeVarInt(policy);
        }
        version.write(out);
        if (!alone) {
            vector.write(out);
        }
        if (written) {
            root.write(out);
            cells.write(out);
        }
        if (!counters.isEmpty()) {
            counters.write(out);
        }
        if (!fields.isEmpty()) {
            fields.write(out, fields.hold());
        }
        out.writeRaw(json);
    }

    private int format() {
        if (expiry) {
            return FORMAT_OF_EXPIRY;
        }
        if (!fields.isEmpty()) {
            return fields.hold() ? FORMAT_WITH_HELD : FORMAT_WITH_FIELDS;
        }
        return policy == 0 ? FORMAT : FORMAT_WITH_POLICY;
    }

    /** @throws MalformedBytesException where the bytes are no version */
    public static LiveVersion decode(byte[] bytes) {
        return read(new ByteReader(bytes));
    }

    /** Takes all bytes that remain. @throws MalformedBytesException where they are no version */
    public static LiveVersion read(ByteReader in) {
        int flags = in.readByte();
        int format = flags & 0xF0;
        boolean expiry = format == FORMAT_OF_EXPIRY && (flags & DELETE) != 0;
        if (!expiry && (format < FORMAT || format > FORMAT_WITH_HELD)) {
            throw new MalformedBytesException("a version's format " + (flags >>> 4) + " is unknown to this software");
        }
        try {
            int policy = format == FORMAT ? 0 : in.readVarInt();
            Version version = Version.read(in);
            VersionVector vector = (flags & VECTOR) != 0 ? VersionVector.read(in) : VersionVector.of(version);
            Version root = (flags & CELLS) != 0 ? Version.read(in) : version;
            Cells cells = (flags & CELLS) != 0 ? Cells.read(in) : Cells.EMPTY;
            Counters counters = (flags & COUNTERS) != 0 ? Counters.read(in) : Counters.EMPTY;
            Fields fields = format >= FORMAT_WITH_FIELDS && !expiry ? Fields.read(in, format == FORMAT_WITH_HELD) : Fields.EMPTY;
            return new LiveVersion(version, vector, (flags & DELETE) != 0, in.readRemaining(), root, cells, counters, fields, policy,
                    expiry);
        } catch (IllegalArgumentException e) {
            throw new MalformedBytesException("a version is damaged: " + e.getMessage());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LiveVersion that && version.equals(that.version) && vector.equals(that.vector) && delete == that.delete
                && expiry == that.expiry
                && policy == that.policy
                && root.equals(that.root) && cells.equals(that.cells) && counters.equals(that.counters) && fields.equals(that.fields)
                && Arrays.equals(json, that.json);
    }

    @Override
    public int hashCode() {
        return 31 * version.hashCode() + vector.hashCode();
    }

    @Override
    public String toString() {
        return (expiry ? "expiry " : delete ? "delete " : "update ") + version + " " + vector + (cells.isEmpty() ? "" : " " + cells.list());
    }
}
