package io.aviladb.storage.head;

import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import java.util.Comparator;
import java.util.List;

/**
 * Which versions of a document are live.
 *
 * @param vector
 *            what has been absorbed; covers the live versions, and may cover more (what a merge or a collapsed set had seen)
 * @param live
 *            the versions that no other has seen, newest first; at least one, at most one for each region
 * @param deleted
 *            whether the policy reads the live versions as no document
 * @param expiryMillis
 *            when the document expires, in milliseconds since 1970; 0 for never
 * @param length
 *            bytes of the document as a reader sees it, for sizing answers; 0 for a deleted one
 */
public record Head(VersionVector vector, List<Version> live, boolean deleted, long expiryMillis, int length) {
    public Head {
        live = live.size() == 1 ? List.copyOf(live) : live.stream().sorted(Comparator.reverseOrder()).toList();
        if (live.isEmpty() || expiryMillis < 0 || length < 0) {
            throw new IllegalArgumentException("a head has a live version, and neither its expiry nor its length is negative");
        }
        boolean covered = true;
        for (Version version : live) {
            covered &= vector.covers(version);
        }
        if (!covered || live.size() > 1 && live.stream().map(Version::region).distinct().count() < live.size()) {
            throw new IllegalArgumentException("a head's vector covers its live versions, one for each region: " + vector + ", " + live);
        }
    }

    /** A head with one live version that has seen nothing but its own region. */
    public static Head of(Version version, boolean deleted, long expiryMillis, int length) {
        return new Head(VersionVector.of(version), List.of(version), deleted, expiryMillis, length);
    }

    /** The highest live version. */
    public Version newest() {
        return live.get(0);
    }

    /** Whether the head is the common one: one live version, and nothing absorbed but it. Such a head lies in the table whole. */
    public boolean isCommon() {
        return live.size() == 1 && vector.size() == 1 && vector.at(newest().region()).equals(newest().stamp());
    }

    /** The row's bytes: 32 for a common head; for any other the same 32 about its newest version, and what is more. */
    public byte[] encode() {
        return HeadCodec.encode(this);
    }

    /** @throws io.aviladb.core.codec.MalformedBytesException where the bytes are no head */
    public static Head decode(byte[] bytes) {
        return HeadCodec.decode(bytes);
    }
}
