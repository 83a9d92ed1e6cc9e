package io.aviladb.core.error;

/** A request is refused: the code says which rule it met, the detail what was found. Never used for the unexpected. */
public final class AvilaError extends RuntimeException {
    private final ErrorCode code;
    private final long retryAfterMillis;

    public AvilaError(ErrorCode code, String detail) {
        this(code, detail, code.retryable() ? 100 : 0);
    }

    /** @param retryAfterMillis when a retry is worth it; 0 where it never is, or at once */
    public AvilaError(ErrorCode code, String detail, long retryAfterMillis) {
        super(detail, null, false, false); // an outcome, not an accident: no stack trace
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
    }

    public ErrorCode code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }

    public long retryAfterMillis() {
        return retryAfterMillis;
    }

    @Override
    public String toString() {
        return code.code() + " " + code + ": " + detail();
    }
}
