package io.aviladb.chaos.history;

/** The file isn't a history, or not one that the asked checker can judge. It was not judged. */
public final class MalformedHistoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** @param message what is wrong, and where */
    public MalformedHistoryException(String message) {
        super(message);
    }
}
