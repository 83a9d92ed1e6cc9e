package io.aviladb.cli.output;

/** How rows are written. */
public enum Format {
    /** Columns for people. */
    table,
    /** One JSON array. */
    json,
    /** One JSON object a line. */
    ndjson,
    /** A header, then one line a row. */
    csv,
    /** One YAML sequence. */
    yaml
}
