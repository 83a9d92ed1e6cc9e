package io.aviladb.storage.head;

/** The process has used up its memory for head tables: this one goes, and its group reads heads from files. */
final class HeadBudgetException extends RuntimeException {
    HeadBudgetException(long entries) {
        super("no room for a table of " + entries + " heads");
    }
}
