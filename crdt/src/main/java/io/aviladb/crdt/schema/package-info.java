/**
 * JSON Schema (2020-12) as the log needs it: the verdict on a document is the same on every replica, and takes a bounded number of steps.
 *
 * <p><b>Start here:</b> {@link io.aviladb.crdt.schema.Schema}, {@link io.aviladb.crdt.schema.Schemas}.
 *
 * <p><b>Words and invariants:</b> a <i>violation</i> is a place in a document and the keyword that it breaks; a <i>step</i> is one schema applied
 * to one value. Pure; no text of it depends on a locale or on the version of a library.
 *
 * <p><b>Never depends on</b> the network: a reference points inside its own schema.
 *
 * <p><b>Papers:</b> Wright et al., <i>JSON Schema: A Media Type for Describing JSON Documents</i> and <i>JSON Schema Validation</i>, draft
 * 2020-12.
 */
@NullMarked
package io.aviladb.crdt.schema;

import org.jspecify.annotations.NullMarked;
