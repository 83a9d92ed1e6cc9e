package io.aviladb.core.version;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import java.util.HexFormat;

/** One write of one document: its stamp and the region's life in which it was given. Unique per key; ordered by stamp, then region. */
public record Version(HybridTimestamp stamp, RegionIncarnation region) implements Comparable<Version> {
    /** @throws IllegalArgumentException where the text is not 16 hexadecimal digits, a dash and a number */
    public static Version parse(String text) {
        try {
            if (text.length() < 18 || text.charAt(16) != '-') {
                throw new NumberFormatException("no dash at 16");
            }
            return new Version(new HybridTimestamp(Long.parseUnsignedLong(text.substring(0, 16), 16)),
                    new RegionIncarnation(Integer.parseInt(text.substring(17))));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a version is 16 hexadecimal digits, a dash and a number, and '" + text + "' is not", e);
        }
    }

    public void write(ByteWriter out) {
        out.writeLong(stamp.bits()).writeVarInt(region.number());
    }

    public static Version read(ByteReader in) {
        return new Version(new HybridTimestamp(in.readLong()), new RegionIncarnation(in.readVarInt()));
    }

    @Override
    public int compareTo(Version other) {
        int byStamp = stamp.compareTo(other.stamp);
        return byStamp != 0 ? byStamp : region.compareTo(other.region);
    }

    @Override
    public String toString() {
        return HexFormat.of().toHexDigits(stamp.bits()) + '-' + region.number(); // once in each answer: no format string
    }
}
