package io.aviladb.cli.load;

import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Progress with rate and remaining time: one line that is drawn again on a terminal, else a plain line every few seconds. */
public final class ProgressLine implements Progress {
    private static final int BAR_WIDTH = 24;
    private static final long TERMINAL_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 5_000_000_000L;

    private final PrintWriter out;
    private final boolean terminal;
    private final String label;
    private final long totalBytes;
    private final long beganNanos = System.nanoTime();
    private long shownNanos = beganNanos;
    private long firstRecords = -1;
    private long firstBytes;
    private @Nullable String last;

    /** @param totalBytes of the source; 0 where unknown */
    public ProgressLine(PrintWriter out, boolean terminal, String label, long totalBytes) {
        this.out = out;
        this.terminal = terminal;
        this.label = label;
        this.totalBytes = totalBytes;
    }

    @Override
    public void advanced(ImportState state, long bytesDone) {
        long now = System.nanoTime();
        if (firstRecords < 0) {
            firstRecords = state.records();
            firstBytes = bytesDone;
        }
        last = line(state, bytesDone, now);
        if (now - shownNanos >= (terminal ? TERMINAL_NANOS : PLAIN_NANOS)) {
            shownNanos = now;
            show();
        }
    }

    private String line(ImportState state, long bytesDone, long now) {
        double seconds = Math.max(1e-3, (now - beganNanos) / 1e9);
        double rate = (state.records() - firstRecords) / seconds;
        StringBuilder text = new StringBuilder(label);
        if (totalBytes > 0) {
            double part = Math.min(1, (double) bytesDone / totalBytes);
            int filled = (int) Math.round(part * BAR_WIDTH);
            text.append("  ").append("#".repeat(filled)).append("-".repeat(BAR_WIDTH - filled))
                    .append(String.format(Locale.ROOT, " %3.0f %%", part * 100));
        }
        text.append(String.format(Locale.ROOT, "  %,d records  %,.0f/s", state.records(), rate));
        double byteRate = (bytesDone - firstBytes) / seconds;
        if (totalBytes > 0 && byteRate > 0 && bytesDone < totalBytes) {
            text.append(String.format(Locale.ROOT, "  %s left", duration((long) ((totalBytes - bytesDone) / byteRate))));
        }
        if (state.rejected() > 0) {
            text.append(String.format(Locale.ROOT, "  %,d rejected", state.rejected()));
        }
        return text.toString();
    }

    static String duration(long seconds) {
        return seconds < 60
                ? seconds + " s"
                : seconds < 3_600
                        ? seconds / 60 + " min " + seconds % 60 + " s"
                        : seconds / 3_600 + " h "
                                + seconds % 3_600 / 60 + " min";
    }

    private void show() {
        if (last == null) {
            return;
        }
        if (terminal) {
            out.print("\r" + last + "\033[K");
        } else {
            out.println(last);
        }
        out.flush();
    }

    @Override
    public void ended() {
        show();
        if (terminal && last != null) {
            out.println();
            out.flush();
        }
    }
}
