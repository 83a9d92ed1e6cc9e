package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import java.util.ArrayList;
import java.util.List;

/**
 * The merge policies that a collection has had, oldest first. A policy's number is its place, from 0; every version of a document names the
 * number in force where it was written, and a set of versions is read by the highest number in it. So all regions read one set alike, however
 * late each of them learned of a change (S16), and a change by itself changes no document. Immutable.
 */
public record PolicyHistory(List<MergePolicyDefinition> list) {
    /** How many a collection may have had. */
    public static final int MAX = 256;
    public static final PolicyHistory DEFAULT = of(MergePolicyDefinition.DEFAULT);
    private static final int SEVERAL = 1 << 16;

    public PolicyHistory {
        list = List.copyOf(list);
        if (list.isEmpty() || list.size() > MAX) {
            throw new IllegalArgumentException("a collection has had 1 to " + MAX + " merge policies, not " + list.size());
        }
    }

    public static PolicyHistory of(MergePolicyDefinition only) {
        return new PolicyHistory(List.of(only));
    }

    /** The policy in force for what is written now. */
    public MergePolicyDefinition current() {
        return list.get(number());
    }

    /** The number of the policy in force. */
    public int number() {
        return list.size() - 1;
    }

    /** Whether the number's policy is known here. */
    public boolean knows(int number) {
        return number >= 0 && number < list.size();
    }

    /** @throws IllegalArgumentException where the policy isn't known here: whoever lets a version in sees to it that it is */
    public MergePolicyDefinition at(int number) {
        if (!knows(number)) {
            throw new IllegalArgumentException("merge policy " + number + " isn't known; the newest here is " + number());
        }
        return list.get(number);
    }

    /** @throws IllegalArgumentException where there have been {@link #MAX} */
    public PolicyHistory then(MergePolicyDefinition next) {
        List<MergePolicyDefinition> longer = new ArrayList<>(list);
        longer.add(next);
        return new PolicyHistory(longer);
    }

    /** A single policy has its own bytes and nothing else. */
    public void write(ByteWriter out) {
        if (list.size() > 1) {
            out.writeVarInt(SEVERAL | list.size());
        }
        list.forEach(policy -> policy.write(out));
    }

    public static PolicyHistory read(ByteReader in) {
        int first = in.readVarInt();
        if (first < SEVERAL) {
            return of(MergePolicyDefinition.read(in, first));
        }
        int count = first & ~SEVERAL;
        if (count < 2 || count > MAX) {
            throw new MalformedBytesException("a collection with " + count + " merge policies");
        }
        List<MergePolicyDefinition> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(MergePolicyDefinition.read(in));
        }
        return new PolicyHistory(list);
    }
}
