package io.aviladb.query.index;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.query.eval.Bindings;
import io.aviladb.query.eval.Evaluator;
import io.aviladb.query.eval.ExpressionCompiler;
import io.aviladb.query.eval.Frame;
import io.aviladb.query.eval.Scope;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Parser;
import io.aviladb.query.language.Printer;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The entries that documents have in one index. Immutable; shared by threads. */
public final class IndexEntries {
    /** The step of a path that is to stand for the elements of an array. */
    private static final String ELEMENTS = "*";
    private static final Bindings NO_BINDINGS = Bindings.of(Set.of(), Map.of(), Instant.EPOCH);

    private final IndexDefinition index;
    private final Evaluator where;
    private final int slots;

    private IndexEntries(IndexDefinition index, Evaluator where, int slots) {
        this.index = index;
        this.where = where;
        this.slots = slots;
    }

    /** @throws AvilaError {@link ErrorCode#INVALID_INDEX} where the condition isn't one that an index can have */
    public static IndexEntries of(IndexDefinition index) {
        Scope scope = new Scope();
        scope.document("");
        if (index.where().isEmpty()) {
            return new IndexEntries(index, frame -> JsonBoolean.TRUE, scope.slots());
        }
        ExpressionCompiler compiler = new ExpressionCompiler(scope);
        Evaluator where;
        try {
            where = compiler.compile(condition(index.where()));
        } catch (AvilaError invalid) {
            throw new AvilaError(ErrorCode.INVALID_INDEX, invalid.detail());
        }
        if (!compiler.parameters().isEmpty()) {
            throw new AvilaError(ErrorCode.INVALID_INDEX,
                    "the condition of an index has no parameters: @" + compiler.parameters().iterator().next());
        }
        if (compiler.readsClock()) {
            throw new AvilaError(ErrorCode.INVALID_INDEX,
                    "the condition of an index reads no clock: an entry stays until its document changes");
        }
        return new IndexEntries(index, where, scope.slots());
    }

    private static Expression condition(String where) {
        try {
            return Parser.condition(where);
        } catch (AvilaError unreadable) {
            throw new AvilaError(ErrorCode.INVALID_INDEX, "the condition of the index: " + unreadable.detail());
        }
    }

    /** The index with everything checked that it says, and its condition as the language prints it. @throws AvilaError {@link ErrorCode#INVALID_INDEX} */
    public static IndexDefinition checked(IndexDefinition index) {
        for (IndexDefinition.Field field : index.fields()) {
            if (field.path().steps().contains(ELEMENTS)) {
                throw new AvilaError(ErrorCode.NOT_IMPLEMENTED,
                        "an index over the elements of an array (" + field.path() + ") isn't there yet");
            }
        }
        of(index);
        return index.where().isEmpty()
                ? index
                : new IndexDefinition(index.id(), index.name(), index.fields(), index.sparse(), Printer.text(condition(index.where())));
    }

    /** In order, and each once; none where the document doesn't belong into the index. */
    public SortedSet<byte[]> of(DocumentKey key, Document document) {
        SortedSet<byte[]> entries = new TreeSet<>(Arrays::compareUnsigned);
        Frame frame = new Frame(slots, NO_BINDINGS);
        frame.set(0, document.root());
        if (!where.isTrue(frame)) {
            return entries;
        }
        ByteWriter values = IndexKeys.prefix(key.collection(), index.id());
        boolean absent = true;
        for (IndexDefinition.Field field : index.fields()) {
            JsonValue value = document.at(field.path()).orElse(null);
            absent &= value == null;
            values.writeRaw(IndexKeys.value(value, field.descending()));
        }
        if (!(absent && index.sparse())) {
            entries.add(IndexKeys.entry(values.toByteArray(), key));
        }
        return entries;
    }
}
