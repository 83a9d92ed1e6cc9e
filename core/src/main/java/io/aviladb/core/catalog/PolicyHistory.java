package io.aviladb.core.catalog;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The merge policies that a collection has had, oldest first, and the schema that held with each. A policy's number is its place, from 0; every
 * version of a document names the number in force where it was written, and a set of versions is read by the highest number in it. So all regions
 * read one set alike, however late each of them learned of a change (S16), and a change by itself changes no document. Immutable.
 *
 * @param schemas one for each policy
 */
public record PolicyHistory(List<MergePolicyDefinition> list, List<SchemaDefinition> schemas) {
    /** How many a collection may have had. */
    public static final int MAX = 256;
    public static final PolicyHistory DEFAULT = of(MergePolicyDefinition.DEFAULT);
    private static final int SEVERAL = 1 << 16;
    /** As several, and the schemas follow: each once, and then which of them holds with which policy. */
    private static final int WITH_SCHEMAS = 1 << 17;

    public PolicyHistory {
        list = List.copyOf(list);
        schemas = List.copyOf(schemas);
        if (list.isEmpty() || list.size() > MAX) {
            throw new IllegalArgumentException("a collection has had 1 to " + MAX + " merge policies, not " + list.size());
        }
        if (schemas.size() != list.size()) {
            throw new IllegalArgumentException(list.size() + " merge policies with " + schemas.size() + " schemas");
        }
    }

    /** Without a schema. */
    public PolicyHistory(List<MergePolicyDefinition> list) {
        this(list, Collections.nCopies(list.size(), SchemaDefinition.NONE));
    }

    public static PolicyHistory of(MergePolicyDefinition only) {
        return new PolicyHistory(List.of(only));
    }

    /** The policy in force for what is written now. */
    public MergePolicyDefinition current() {
        return list.get(number());
    }

    /** What is demanded of documents that are written now. */
    public SchemaDefinition schema() {
        return schemas.get(number());
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

    /** The schema that holds with the policy. @throws IllegalArgumentException as {@link #at} */
    public SchemaDefinition schemaAt(int number) {
        at(number);
        return schemas.get(number);
    }

    /** The schema stays. @throws IllegalArgumentException where there have been {@link #MAX} */
    public PolicyHistory then(MergePolicyDefinition next) {
        return then(next, schema());
    }

    /** @throws IllegalArgumentException where there have been {@link #MAX} */
    public PolicyHistory then(MergePolicyDefinition next, SchemaDefinition schema) {
        List<MergePolicyDefinition> longer = new ArrayList<>(list);
        longer.add(next);
        List<SchemaDefinition> more = new ArrayList<>(schemas);
        more.add(schema);
        return new PolicyHistory(longer, more);
    }

    /** A single policy without a schema has its own bytes and nothing else. */
    public void write(ByteWriter out) {
        List<SchemaDefinition> distinct = schemas.stream().distinct().toList();
        boolean schema = !distinct.equals(List.of(SchemaDefinition.NONE));
        if (list.size() > 1 || schema) {
            out.writeVarInt((schema ? WITH_SCHEMAS : SEVERAL) | list.size());
        }
        list.forEach(policy -> policy.write(out));
        if (schema) {
            out.writeVarInt(distinct.size());
            distinct.forEach(one -> one.write(out));
            schemas.forEach(one -> out.writeVarInt(distinct.indexOf(one)));
        }
    }

    public static PolicyHistory read(ByteReader in) {
        int first = in.readVarInt();
        if (first < SEVERAL) {
            return of(MergePolicyDefinition.read(in, first));
        }
        boolean schema = first >= WITH_SCHEMAS;
        int count = first & ~(SEVERAL | WITH_SCHEMAS);
        if (count < (schema ? 1 : 2) || count > MAX) {
            throw new MalformedBytesException("a collection with " + count + " merge policies");
        }
        List<MergePolicyDefinition> list = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            list.add(MergePolicyDefinition.read(in));
        }
        return schema ? new PolicyHistory(list, schemas(in, count)) : new PolicyHistory(list);
    }

    private static List<SchemaDefinition> schemas(ByteReader in, int count) {
        List<SchemaDefinition> distinct = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            distinct.add(SchemaDefinition.read(in));
        }
        List<SchemaDefinition> schemas = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int which = in.readVarInt();
            if (which >= distinct.size()) {
                throw new MalformedBytesException("a merge policy with a schema that isn't there");
            }
            schemas.add(distinct.get(which));
        }
        return schemas;
    }
}
