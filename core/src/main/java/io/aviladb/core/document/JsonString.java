package io.aviladb.core.document;

/** A string: Unicode without lone surrogates. */
public record JsonString(String value) implements JsonValue {
    @Override
    public String toString() {
        return toJson();
    }
}
