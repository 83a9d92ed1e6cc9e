package io.aviladb.cli;

/** The command's exit codes. Scripts rely on them: they don't change. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int UNAVAILABLE = 3;
    public static final int NOT_AUTHORISED = 4;
    public static final int CONFLICT = 5;
    public static final int PARTLY = 6;
    public static final int INTERRUPTED = 130;

    private ExitCode() {
    }

    /** What an HTTP status means for the command that got it. */
    public static int ofHttpStatus(int status) {
        return switch (status) {
            case 401, 403 -> NOT_AUTHORISED;
            case 409, 412 -> CONFLICT;
            case 429, 502, 503, 504, 507 -> UNAVAILABLE;
            default -> status < 400 ? OK : FAILED;
        };
    }
}
