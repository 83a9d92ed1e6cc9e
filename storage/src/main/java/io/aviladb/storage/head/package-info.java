/**
 * The small row that says which versions of a document are live, and the off-heap table of all of them.
 *
 * <p>Start here: {@link io.aviladb.storage.head.Head}, {@link io.aviladb.storage.head.HeadTable}.
 *
 * <p>Invariants: a head's vector covers its live versions. The table is complete or not asked; it is rebuilt from the {@code heads} family
 * and never trusted over it; both give the same answer, so replicas can't diverge by it. The first 32 bytes of a row are the table's entry.
 *
 * <p>Never depends on how rows lie on the disk: the owner of the store hands them over.
 */
@NullMarked
package io.aviladb.storage.head;

import org.jspecify.annotations.NullMarked;
