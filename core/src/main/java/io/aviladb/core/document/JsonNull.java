package io.aviladb.core.document;

/** The JSON value {@code null}. A missing member is something else. */
public enum JsonNull implements JsonValue {
    NULL;

    @Override
    public String toString() {
        return "null";
    }
}
