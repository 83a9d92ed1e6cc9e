package io.aviladb.router.topology;

/** A collection as requests name it. */
public record CollectionName(String database, String collection) {
    @Override
    public String toString() {
        return database + "." + collection;
    }
}
