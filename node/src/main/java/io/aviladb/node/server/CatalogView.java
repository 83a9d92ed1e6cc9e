package io.aviladb.node.server;

import io.aviladb.core.catalog.CollectionDefinition;
import java.util.List;

/** The catalog as this node knows it, from its own replica or from another node's. */
record CatalogView(long version, List<String> databases, List<CollectionDefinition> collections) {
    static final CatalogView NOTHING = new CatalogView(0, List.of(), List.of());

    CatalogView {
        databases = List.copyOf(databases);
        collections = List.copyOf(collections);
    }
}
