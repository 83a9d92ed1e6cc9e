package io.aviladb.cli;

/** The command's exit codes. Scripts rely on them: they don't change. Those above 70 are of servers that refuse to start. */
public final class ExitCode {
    public static final int OK = 0;
    public static final int FAILED = 1;
    public static final int USAGE = 2;
    public static final int UNAVAILABLE = 3;
    public static final int NOT_AUTHORISED = 4;
    public static final int CONFLICT = 5;
    public static final int PARTLY = 6;
    /** A server didn't start: its disk is full. */
    public static final int DISK_FULL = 71;
    /** A server didn't start: its data are damaged, and nothing can rebuild them. */
    public static final int DAMAGED = 72;
    /** A server didn't start: another process has the data folder. */
    public static final int FOLDER_IN_USE = 73;
    /** A server didn't start: the data are of another cluster or node. */
    public static final int OTHER_CLUSTER = 74;
    /** A server didn't start: the data are of a newer format. */
    public static final int NEWER_FORMAT = 75;
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
