package io.aviladb.query.merge;

import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.query.eval.AggregateState;
import io.aviladb.query.eval.Aggregates;
import io.aviladb.query.eval.ValueKey;
import io.aviladb.query.plan.QueryPlan;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Partial results as bytes, in pieces of a bounded size. Each piece is a partial result of its own: {@link FinalMerge} joins them in any order. */
public final class PartialCodec {
    private static final int ROWS = 1;
    private static final int GROUPS = 2;

    private PartialCodec() {
    }

    /** @param pieceBytes a piece ends with the first row or group beyond this */
    public static List<byte[]> pieces(Partial partial, int pieceBytes) {
        Pieces pieces = new Pieces(partial instanceof Partial.Rows ? ROWS : GROUPS, pieceBytes);
        switch (partial) {
            case Partial.Rows rows -> rows.rows().forEach(row -> {
                row.key().write(pieces.next());
                pieces.next().writeBytes(row.json());
                pieces.added();
            });
            case Partial.Groups groups -> groups.groups().values().forEach(group -> {
                writeValues(pieces.next(), group.values());
                group.states().forEach(state -> state.write(pieces.next()));
                pieces.added();
            });
        }
        return pieces.finish();
    }

    private static final class Pieces {
        private final int kind;
        private final int pieceBytes;
        private final List<byte[]> done = new ArrayList<>();
        private ByteWriter entries = new ByteWriter();
        private int count;

        Pieces(int kind, int pieceBytes) {
            this.kind = kind;
            this.pieceBytes = pieceBytes;
        }

        ByteWriter next() {
            return entries;
        }

        void added() {
            count++;
            if (entries.length() >= pieceBytes) {
                end();
            }
        }

        private void end() {
            byte[] bytes = entries.toByteArray();
            done.add(new ByteWriter(bytes.length + 8).writeByte(kind).writeVarInt(count).writeRaw(bytes).toByteArray());
            entries = new ByteWriter();
            count = 0;
        }

        List<byte[]> finish() {
            if (count > 0) {
                end();
            }
            return done;
        }
    }

    /** @throws MalformedBytesException where the bytes are no piece of the plan's result */
    public static Partial read(QueryPlan plan, byte[] piece) {
        ByteReader in = new ByteReader(piece);
        int kind = in.readByte();
        int count = in.readCount();
        if (kind != (plan.grouping().isPresent() ? GROUPS : ROWS)) {
            throw new MalformedBytesException("a piece of kind " + kind + " is none of this plan's");
        }
        Partial partial = plan.grouping().isPresent() ? groups(plan.grouping().get(), in, count) : rows(plan, in, count);
        in.expectEnd();
        return partial;
    }

    private static Partial rows(QueryPlan plan, ByteReader in, int count) {
        List<PartialRow> rows = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            RowKey key = RowKey.read(in);
            if (key.keys().size() != plan.orderKeys().size()) {
                throw new MalformedBytesException("a row of another order");
            }
            rows.add(PartialRow.ofJson(key, in.readBytes()));
        }
        return new Partial.Rows(rows);
    }

    private static Partial groups(QueryPlan.Grouping grouping, ByteReader in, int count) {
        Map<String, Partial.Group> groups = new HashMap<>();
        for (int i = 0; i < count; i++) {
            List<@Nullable JsonValue> values = readValues(in);
            if (values.size() != grouping.keys().size()) {
                throw new MalformedBytesException("a group by other values");
            }
            List<AggregateState> states = new ArrayList<>();
            for (QueryPlan.Aggregate aggregate : grouping.aggregates()) {
                AggregateState state = Aggregates.state(aggregate.name(), aggregate.distinct());
                state.merge(in);
                states.add(state);
            }
            if (groups.put(ValueKey.of(values), new Partial.Group(values, states)) != null) {
                throw new MalformedBytesException("a group stands twice");
            }
        }
        return new Partial.Groups(groups);
    }

    /** A missing value is an empty string of bytes. */
    static void writeValues(ByteWriter out, List<? extends @Nullable JsonValue> values) {
        out.writeVarInt(values.size());
        for (JsonValue value : values) {
            out.writeBytes(value == null ? new byte[0] : value.toJsonBytes());
        }
    }

    static List<@Nullable JsonValue> readValues(ByteReader in) {
        List<@Nullable JsonValue> values = new ArrayList<>();
        for (int left = in.readCount(); left > 0; left--) {
            byte[] value = in.readBytes();
            values.add(value.length == 0 ? null : JsonParser.parse(value, JsonParser.MAX_NESTING + 2));
        }
        return values;
    }
}
