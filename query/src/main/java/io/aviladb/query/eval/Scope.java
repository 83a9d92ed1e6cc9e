package io.aviladb.query.eval;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.query.language.Expression;
import io.aviladb.query.language.Position;
import io.aviladb.query.language.Printer;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which slot a name or a whole expression reads. Grows while a statement is compiled; one thread's. */
public final class Scope {
    private final @Nullable Scope around;
    private final int[] slotCount;
    private final Map<String, Integer> aliases = new LinkedHashMap<>();
    private final Map<String, Integer> computed = new LinkedHashMap<>();
    private Optional<Integer> document = Optional.empty();
    private String documentName = "";
    private boolean grouped;
    private boolean documentRead;

    public Scope() {
        this(null, new int[1]);
    }

    private Scope(@Nullable Scope around, int[] slotCount) {
        this.around = around;
        this.slotCount = slotCount;
    }

    /** A scope inside: its aliases hide this one's, its slots are further ones of the same frame. */
    Scope inner() {
        return new Scope(this, slotCount);
    }

    public int newSlot() {
        return slotCount[0]++;
    }

    /** Slots that a frame needs. */
    public int slots() {
        return slotCount[0];
    }

    /** Whether anything that was compiled so far looks into this scope's document. */
    public boolean readsDocument() {
        return documentRead;
    }

    /** A slot whose members unqualified names are. @param name what {@code *} calls it among several sources */
    public int document(String name) {
        int slot = newSlot();
        document = Optional.of(slot);
        documentName = name;
        return slot;
    }

    /** @throws AvilaError where the alias is taken */
    public int alias(String alias, int slot, Position at) {
        if (aliases.putIfAbsent(alias, slot) != null) {
            throw new AvilaError(ErrorCode.QUERY_INVALID, "at " + at + ": the alias '" + alias + "' is given twice");
        }
        return slot;
    }

    /** From here on the expression is read from the slot, wherever it stands as written. */
    public int computed(Expression expression) {
        return computed.computeIfAbsent(Printer.text(expression), text -> newSlot());
    }

    /** From here on nothing of the document can be read but what was computed. */
    public void grouped() {
        grouped = true;
    }

    boolean isGrouped() {
        return grouped;
    }

    /** The slot of an expression that was computed before. */
    @Nullable
    Integer computedSlot(Expression expression) {
        if (computed.isEmpty()) {
            return around == null ? null : around.computedSlot(expression);
        }
        Integer slot = computed.get(Printer.text(expression));
        return slot != null || around == null ? slot : around.computedSlot(expression);
    }

    @Nullable
    Integer aliasSlot(String name) {
        Integer slot = aliases.get(name);
        documentRead |= slot != null && document.filter(slot::equals).isPresent();
        return slot != null || around == null ? slot : around.aliasSlot(name);
    }

    /** Whether the name can be read at all where groups were made. */
    boolean isHidden(String name) {
        return aliases.containsKey(name) ? grouped : around == null ? grouped : around.isHidden(name);
    }

    Optional<Integer> documentSlot() {
        documentRead |= document.isPresent();
        return document.isPresent() || around == null ? document : around.documentSlot();
    }

    /** This scope's own sources by name, without those around it. */
    Map<String, Integer> sources() {
        Map<String, Integer> sources = new LinkedHashMap<>();
        documentRead |= document.isPresent();
        document.ifPresent(slot -> sources.put(documentName, slot));
        aliases.forEach(sources::putIfAbsent);
        return sources;
    }

    Collection<String> aliases() {
        return aliases.keySet();
    }
}
