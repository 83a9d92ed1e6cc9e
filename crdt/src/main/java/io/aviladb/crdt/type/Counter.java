package io.aviladb.crdt.type;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.math.BigDecimal;
import java.util.Map;

/**
 * A counter as one version has it: what each region has added, and how much of that the number underneath (the last value that was set, not
 * added) had already seen. Its value is that number plus what is {@link #unseen}.
 *
 * @param running never reset or cut while the document has a head
 * @param noted the running sums that the write of the number underneath had seen: these no longer count
 * @param based whether there is a number underneath at all, or the counter began from nothing; says something only where it {@link #counts}
 */
public record Counter(RunningSums running, RunningSums noted, boolean based) {
    public static final Counter ZERO = new Counter(RunningSums.EMPTY, RunningSums.EMPTY, false);

    /** @param shown whether a number is shown before the amount is added */
    public Counter plus(RegionIncarnation region, BigDecimal amount, HybridTimestamp stamp, boolean shown) {
        return new Counter(running.plus(region, amount, stamp), noted, counts() ? based : shown);
    }

    /** After a number was set: all that has been added is in it, or was given up with it. */
    public Counter allNoted() {
        return new Counter(running, running, false);
    }

    /** Whether something was added that the number underneath has not seen. */
    public boolean counts() {
        for (Map.Entry<RegionIncarnation, RunningSum> entry : running.byRegion().entrySet()) {
            RunningSum seen = noted.of(entry.getKey());
            if (seen == null || entry.getValue().at().isAfter(seen.at())) {
                return true;
            }
        }
        return false;
    }

    /** The sum of what the number underneath has not seen. */
    public BigDecimal unseen() {
        BigDecimal total = BigDecimal.ZERO;
        for (Map.Entry<RegionIncarnation, RunningSum> entry : running.byRegion().entrySet()) {
            RunningSum now = entry.getValue();
            RunningSum seen = noted.of(entry.getKey());
            if (seen == null || now.began().isAfter(seen.at())) {
                total = total.add(now.sum());
            } else if (now.at().isAfter(seen.at())) {
                total = total.add(now.sum()).subtract(seen.sum());
            }
        }
        return total;
    }

    public void write(ByteWriter out) {
        running.write(out);
        boolean same = running.equals(noted);
        out.writeByte((same ? 1 : 0) | (based ? 2 : 0));
        if (!same) {
            noted.write(out);
        }
    }

    public static Counter read(ByteReader in) {
        RunningSums running = RunningSums.read(in);
        int flags = in.readByte();
        return new Counter(running, (flags & 1) != 0 ? running : RunningSums.read(in), (flags & 2) != 0);
    }
}
