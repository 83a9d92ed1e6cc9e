package io.aviladb.crdt.document;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.version.Version;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A version's cells other than the root's, in the order of their paths. Invariant: none is hidden by another, and none is older than the
 * root. Immutable.
 */
record Cells(List<Cell> list) {
    static final Cells EMPTY = new Cells(List.of());

    Cells {
        list = List.copyOf(list);
    }

    boolean isEmpty() {
        return list.isEmpty();
    }

    /** The stamp of the newest cell at or above the path; the root's where there is none. */
    Version covering(FieldPath path, Version root) {
        Version newest = root;
        for (Cell cell : list) {
            if (cell.stamp().compareTo(newest) > 0 && cell.path().contains(path)) {
                newest = cell.stamp();
            }
        }
        return newest;
    }

    /** Of each path the newest cell that nothing newer at or above it hides. */
    static Cells unhidden(Collection<Cell> all) {
        TreeMap<FieldPath, Cell> newest = new TreeMap<>();
        for (Cell cell : all) {
            newest.merge(cell.path(), cell, (a, b) -> b.stamp().compareTo(a.stamp()) > 0 ? b : a);
        }
        List<Cell> kept = new ArrayList<>();
        Deque<Cell> above = new ArrayDeque<>(); // the kept cells on the way from the root to the path
        for (Cell cell : newest.values()) {
            while (!above.isEmpty() && !above.getLast().path().contains(cell.path())) {
                above.removeLast();
            }
            // Invariant: stamps ascend from the root downwards among what is kept, so the last one is the newest.
            if (above.isEmpty() || above.getLast().stamp().compareTo(cell.stamp()) < 0) {
                kept.add(cell);
                above.addLast(cell);
            }
        }
        return new Cells(kept);
    }

    void write(ByteWriter out) {
        List<Version> stamps = new ArrayList<>(new TreeSet<>(list.stream().map(Cell::stamp).toList()));
        out.writeVarInt(stamps.size());
        stamps.forEach(stamp -> stamp.write(out));
        out.writeVarInt(list.size());
        for (Cell cell : list) {
            out.writeString(cell.path().toString()).writeVarInt(stamps.indexOf(cell.stamp()) << 1 | (cell.missing() ? 1 : 0));
        }
    }

    static Cells read(ByteReader in) {
        List<Version> stamps = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            stamps.add(Version.read(in));
        }
        List<Cell> cells = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            FieldPath path = FieldPath.parse(in.readString());
            int stamp = in.readVarInt();
            if (stamp >>> 1 >= stamps.size() || path.isRoot()) {
                throw new MalformedBytesException("a cell is damaged");
            }
            cells.add(new Cell(path, stamps.get(stamp >>> 1), (stamp & 1) == 1));
        }
        return new Cells(cells);
    }
}
