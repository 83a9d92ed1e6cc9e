package io.aviladb.node.range;

import io.aviladb.core.catalog.CollectionDefinition;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.RangeRef;
import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.write.WriteUnit;
import io.aviladb.replication.feed.LinkBatch;
import java.util.ArrayList;
import java.util.List;

/**
 * An entry of a data group's log. Every one carries the leader's clock reading; apply assigns stamps from it without looking at a clock.
 *
 * <p>The first byte is the apply version: an entry of a newer one stops the replica instead of being guessed at.
 */
public sealed interface GroupEntry {
    int APPLY_VERSION = 1;

    /** Units of clients, each under a stamp of its own. */
    record Writes(List<WriteUnit> units) implements GroupEntry {
        public Writes {
            units = List.copyOf(units);
        }
    }

    /** What a link pulled. */
    record Pulled(LinkBatch batch) implements GroupEntry {}

    /** Closes the group up to the reading and records what its ranges have covered. */
    record Tick() implements GroupEntry {}

    /** The group owns the range from here on. Again for a range that it owns: nothing happens. */
    record Activate(RangeRef ref, KeyRange keys, CollectionDefinition collection, List<RegionIncarnation> regions) implements GroupEntry {
        public Activate {
            regions = List.copyOf(regions);
        }
    }

    /** The range's collection is defined anew; an older definition than the present one is ignored. */
    record Alter(RangeRef ref, CollectionDefinition collection) implements GroupEntry {}

    /**
     * The range keeps the keys before the bound and gives those from it on to a new one; both are one epoch further. Answered with a
     * {@link RangeChange}; again after it was done: done.
     *
     * @param child the new range's number, given by the controller to nobody else
     */
    record Split(RangeRef range, byte[] at, long child) implements GroupEntry {}

    /**
     * Two neighbours become one, under the left one's number, one epoch further than both. Answered with a {@link RangeChange}; again after it was
     * done: done.
     */
    record Merge(RangeRef left, RangeRef right) implements GroupEntry {}

    /** The range and all it holds go, at this epoch. */
    record Drop(RangeRef ref) implements GroupEntry {}

    /**
     * Keys whose live versions may be stable: those that are become one body, or go. Judged again in apply.
     *
     * @param through states above this are still asked for: what was written later stays as it is
     */
    record Forget(List<DocumentKey> keys, HybridTimestamp through) implements GroupEntry {
        public Forget {
            keys = List.copyOf(keys);
        }
    }

    /** Nobody needs the feed at or below this any more: it goes, and with it the versions that were superseded. */
    record Collect(HybridTimestamp through) implements GroupEntry {}

    /**
     * Answers of operations first sent before the time go, where they are among the next rows. Judged again in apply.
     *
     * @param from bytes of the row, key and operation, at which to begin
     */
    record SweepAnswers(byte[] from, int maxRows, HybridTimestamp sentBefore) implements GroupEntry {}

    /**
     * Records of conflicts from before the time go, where they are among the next rows. Judged again in apply.
     *
     * @param after bytes of the record's key after which to begin; empty for the first
     */
    record SweepConflicts(byte[] after, int maxRows, HybridTimestamp recordedBefore) implements GroupEntry {}

    /**
     * The next documents of the range get their entries in an index under construction, where its construction stands at {@code from}. Of the state
     * that the entry meets; at most so many documents, and about so many bytes.
     */
    record BuildIndex(long range, int index, byte[] from, int maxDocuments, int maxBytes) implements GroupEntry {}

    /** A step of a range's transfer. Answered with a {@link RangeChange}. */
    record Transfer(TransferStep step) implements GroupEntry {}

    /** Documents that have expired go. Judged again in apply, by the entry's stamp. */
    record Expire(List<DocumentKey> keys) implements GroupEntry {
        public Expire {
            keys = List.copyOf(keys);
        }
    }

    static byte[] encode(HybridTimestamp reading, GroupEntry entry) {
        ByteWriter out = new ByteWriter(
                entry instanceof Writes writes ? 64 + writes.units().stream().mapToInt(WriteUnit::sizeEstimate).sum() : 128);
        out.writeByte(APPLY_VERSION).writeLong(reading.bits());
        switch (entry) {
            case Writes writes -> {
                out.writeByte(1).writeVarInt(writes.units().size());
                writes.units().forEach(unit -> unit.write(out));
            }
            case Pulled pulled -> out.writeByte(2).writeBytes(pulled.batch().encode());
            case Tick tick -> out.writeByte(3);
            case Activate activate -> {
                activate.ref().write(out.writeByte(4));
                activate.keys().write(out);
                activate.collection().write(out);
                out.writeVarInt(activate.regions().size());
                activate.regions().forEach(region -> out.writeVarInt(region.number()));
            }
            case Alter alter -> {
                alter.ref().write(out.writeByte(5));
                alter.collection().write(out);
            }
            case Drop drop -> drop.ref().write(out.writeByte(6));
            case Forget forget -> {
                out.writeByte(40).writeLong(forget.through().bits()).writeVarInt(forget.keys().size());
                forget.keys().forEach(key -> out.writeBytes(key.bytes()));
            }
            case Expire expire -> {
                out.writeByte(70).writeVarInt(expire.keys().size());
                expire.keys().forEach(key -> out.writeBytes(key.bytes()));
            }
            case Collect collect -> out.writeByte(8).writeLong(collect.through().bits());
            case SweepAnswers sweep ->
                out.writeByte(9).writeBytes(sweep.from()).writeVarInt(sweep.maxRows()).writeLong(sweep.sentBefore().bits());
            case SweepConflicts sweep ->
                out.writeByte(24).writeBytes(sweep.after()).writeVarInt(sweep.maxRows()).writeLong(sweep.recordedBefore().bits());
            case Split split -> {
                split.range().write(out.writeByte(16));
                out.writeBytes(split.at()).writeVarLong(split.child());
            }
            case Merge merge -> {
                merge.left().write(out.writeByte(17));
                merge.right().write(out);
            }
            case BuildIndex build -> out.writeByte(32).writeVarLong(build.range()).writeVarInt(build.index()).writeBytes(build.from())
                    .writeVarInt(build.maxDocuments()).writeVarInt(build.maxBytes());
            case Transfer transfer -> transfer.step().write(out);
        }
        return out.toByteArray();
    }

    private static List<DocumentKey> keys(ByteReader in) {
        List<DocumentKey> keys = new ArrayList<>();
        for (int count = in.readCount(); count > 0; count--) {
            keys.add(new DocumentKey(in.readBytes()));
        }
        return keys;
    }

    /** An entry with the reading that its leader put into it. */
    record Stamped(HybridTimestamp reading, GroupEntry entry) {}

    static Stamped decode(byte[] bytes) {
        ByteReader in = new ByteReader(bytes);
        int version = in.readByte();
        if (version != APPLY_VERSION) {
            throw new MalformedBytesException(
                    "the log holds an entry of apply version " + version + "; this software knows " + APPLY_VERSION);
        }
        HybridTimestamp reading = new HybridTimestamp(in.readLong());
        int kind = in.readByte();
        return new Stamped(reading, switch (kind) {
            case 1 -> {
                int count = in.readCount();
                List<WriteUnit> units = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    units.add(WriteUnit.read(in));
                }
                yield new Writes(units);
            }
            case 2 -> new Pulled(LinkBatch.decode(in.readBytes()));
            case 3 -> new Tick();
            case 4 -> {
                RangeRef ref = RangeRef.read(in);
                KeyRange keys = KeyRange.read(in);
                CollectionDefinition collection = CollectionDefinition.read(in);
                List<RegionIncarnation> regions = new ArrayList<>();
                for (int count = in.readCount(); count > 0; count--) {
                    regions.add(new RegionIncarnation(in.readVarInt()));
                }
                yield new Activate(ref, keys, collection, regions);
            }
            case 5 -> new Alter(RangeRef.read(in), CollectionDefinition.read(in));
            case 6 -> new Drop(RangeRef.read(in));
            case 7 -> new Forget(keys(in), HybridTimestamp.MAX); // of a log that is older than snapshots
            case 8 -> new Collect(new HybridTimestamp(in.readLong()));
            case 9 -> new SweepAnswers(in.readBytes(), in.readVarInt(), new HybridTimestamp(in.readLong()));
            case 24 -> new SweepConflicts(in.readBytes(), in.readVarInt(), new HybridTimestamp(in.readLong()));
            case 16 -> new Split(RangeRef.read(in), in.readBytes(), in.readVarLong());
            case 17 -> new Merge(RangeRef.read(in), RangeRef.read(in));
            case 32 -> new BuildIndex(in.readVarLong(), in.readVarInt(), in.readBytes(), in.readVarInt(), in.readVarInt());
            case 40 -> {
                HybridTimestamp through = new HybridTimestamp(in.readLong());
                yield new Forget(keys(in), through);
            }
            case 70 -> new Expire(keys(in));
            default -> {
                if (kind >= TransferStep.FIRST_KIND && kind <= TransferStep.LAST_KIND) {
                    yield new Transfer(TransferStep.read(kind, in));
                }
                throw new MalformedBytesException("unknown entry " + kind);
            }
        });
    }
}
