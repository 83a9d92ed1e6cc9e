package io.aviladb.client;

import io.aviladb.core.document.JsonValue;

/**
 * How a query would run, or has run.
 *
 * @param text a line for each operator
 * @param tree the same as JSON; {@code actual} is what the query read, where it was run
 */
public record Plan(String text, JsonValue tree, Answer answer) implements Result {}
