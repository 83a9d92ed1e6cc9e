package io.aviladb.crdt.schema;

import java.util.BitSet;
import java.util.HashSet;
import java.util.Set;

/** Which members or elements of one value some schema has been applied to, with success: what {@code unevaluated…} leaves alone. */
final class Evaluated {
    private final Set<String> members = new HashSet<>();
    private final BitSet elements = new BitSet();

    void member(String name) {
        members.add(name);
    }

    void element(int index) {
        elements.set(index);
    }

    boolean has(String member) {
        return members.contains(member);
    }

    boolean has(int element) {
        return elements.get(element);
    }

    void add(Evaluated other) {
        members.addAll(other.members);
        elements.or(other.elements);
    }
}
