package io.aviladb.crdt.document;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.version.Version;
import io.aviladb.crdt.type.Fact;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A version's typed fields whose dots its cells don't say. Immutable. */
record Fields(SortedMap<FieldPath, FieldDots> byPath) {
    static final Fields EMPTY = new Fields(new TreeMap<>());

    Fields {
        byPath = Collections.unmodifiableSortedMap(new TreeMap<>(byPath));
    }

    boolean isEmpty() {
        return byPath.isEmpty();
    }

    /** Whether there are objects in the body that only typed fields hold there. */
    boolean hold() {
        return byPath.values().stream().anyMatch(dots -> dots.held() > 0);
    }

    int held(FieldPath path) {
        FieldDots dots = byPath.get(path);
        return dots == null ? 0 : dots.held();
    }

    /** Each stamp once, then references to it. @param held whether to say what the fields hold */
    void write(ByteWriter out, boolean held) {
        TreeSet<Version> all = new TreeSet<>();
        byPath.values().forEach(dots -> dots.collect(all));
        List<Version> stamps = new ArrayList<>(all);
        out.writeVarInt(stamps.size());
        stamps.forEach(stamp -> stamp.write(out));
        out.writeVarInt(byPath.size());
        for (Map.Entry<FieldPath, FieldDots> entry : byPath.entrySet()) {
            FieldDots dots = entry.getValue();
            out.writeString(entry.getKey().toString()).writeVarInt(stamps.indexOf(dots.usual()) << 1 | (dots.elements() ? 1 : 0));
            if (held) {
                out.writeVarInt(dots.held());
            }
            out.writeVarInt(dots.others().size());
            dots.others().forEach((place, of) -> write(out.writeVarInt(place), of, stamps));
            out.writeVarInt(dots.hidden().size());
            dots.hidden().forEach((fact, of) -> write(out.writeBytes(fact.value().toJsonBytes()).writeBoolean(fact.removed()), of, stamps));
        }
    }

    private static void write(ByteWriter out, SortedSet<Version> dots, List<Version> stamps) {
        int left = dots.size();
        for (Version dot : dots) {
            out.writeVarInt(stamps.indexOf(dot) << 1 | (--left > 0 ? 1 : 0));
        }
    }

    static Fields read(ByteReader in, boolean held) {
        List<Version> stamps = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            stamps.add(Version.read(in));
        }
        TreeMap<FieldPath, FieldDots> byPath = new TreeMap<>();
        for (int count = in.readCount(); count > 0; count--) {
            FieldPath path = FieldPath.parse(in.readString());
            int usual = in.readVarInt();
            int holds = held ? in.readVarInt() : 0;
            TreeMap<Integer, SortedSet<Version>> others = new TreeMap<>();
            for (int other = in.readCount(); other > 0; other--) {
                others.put(in.readVarInt(), dots(in, stamps));
            }
            TreeMap<Fact, SortedSet<Version>> hidden = new TreeMap<>();
            for (int more = in.readCount(); more > 0; more--) {
                hidden.put(new Fact(JsonParser.parse(in.readBytes()), in.readBoolean()), dots(in, stamps));
            }
            byPath.put(path, new FieldDots((usual & 1) == 1, stamp(usual >>> 1, stamps), others, hidden, holds));
        }
        return new Fields(byPath);
    }

    private static SortedSet<Version> dots(ByteReader in, List<Version> stamps) {
        TreeSet<Version> dots = new TreeSet<>();
        int reference;
        do {
            reference = in.readVarInt();
            dots.add(stamp(reference >>> 1, stamps));
        } while ((reference & 1) == 1);
        return dots;
    }

    private static Version stamp(int index, List<Version> stamps) {
        if (index >= stamps.size()) {
            throw new MalformedBytesException("a typed field is damaged");
        }
        return stamps.get(index);
    }
}
