package io.aviladb.query.eval;

import io.aviladb.core.catalog.MergeFunction;
import io.aviladb.core.catalog.MergeLanguage;

/** Custom merges are expressions of the query language. */
public final class ExpressionMergeLanguage implements MergeLanguage {
    @Override
    public MergeFunction compile(String expression) {
        return MergeExpression.of(expression)::merge;
    }
}
