package io.aviladb.core.catalog;

/**
 * What the expressions of custom merges are written in. Found by {@link java.util.ServiceLoader}: the query language is one, and what merges
 * documents doesn't depend on it.
 *
 * <p>HAZARD: a region that gives an accepted expression another meaning than the others reads other documents. What an expression means never
 * changes.
 */
public interface MergeLanguage {
    /** @throws io.aviladb.core.error.AvilaError where the text is no expression of the language */
    MergeFunction compile(String expression);
}
