package io.aviladb.core.range;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonBoolean;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Test;

class RangeBoundTest {
    private static final PartitionStrategy TWO = new PartitionStrategy.Fields(
            List.of(new PartitionStrategy.Level(FieldPath.of("tenant"), false), new PartitionStrategy.Level(FieldPath.of("user"), true)));
    private static final PartitionStrategy SYNTHETIC = new PartitionStrategy.Synthetic(100);

    private static List<JsonValue> values(Object... plain) {
        return java.util.Arrays.stream(plain).map(value -> switch (value instanceof Integer ? 0 : value instanceof Boolean ? 1 : 2) {
            case 0 -> (JsonValue) JsonNumber.of((Integer) value);
            case 1 -> JsonBoolean.of((Boolean) value);
            default -> new JsonString(value.toString());
        }).toList();
    }

    @Test
    void aBoundReadsAsItWasWritten() {
        for (List<JsonValue> at : List.of(values("tenant-500"), values("tenant-500", 7), values("a", true, "id-1"), values("\u0000", -3))) {
            assertThat(RangeBound.decode(RangeBound.encode(9, TWO, at))).isEqualTo(at);
        }
        assertThat(RangeBound.decode(RangeBound.encode(9, SYNTHETIC, values(42, "id")))).isEqualTo(values(42, "id"));
        assertThat(RangeBound.decode(KeyRange.collection(9).start())).isEmpty();
        assertThat(RangeBound.decode(KeyRange.collection(9).end())).isEmpty();
    }

    @Test
    void aBoundLiesInFrontOfTheFirstKeyThatBeginsWithIt() {
        byte[] bound = RangeBound.encode(9, TWO, values("m"));
        KeyRange behind = new KeyRange(bound, KeyRange.collection(9).end());
        assertThat(behind.contains(DocumentKey.of(9, TWO, values("m", "u"), "1"))).isTrue();
        assertThat(behind.contains(DocumentKey.of(9, TWO, values("lzzz", "u"), "1"))).isFalse();
        byte[] exact = RangeBound.encode(9, TWO, values("m", "u", "1"));
        assertThat(new DocumentKey(exact)).isEqualTo(DocumentKey.of(9, TWO, values("m", "u"), "1"));
    }

    @Test
    void whatNoKeyHasIsRefused() {
        for (List<JsonValue> wrong : List.<List<JsonValue>>of(List.of(), List.of(JsonNull.NULL), values("a", "b", 3),
                values("a", "b", "c", "d"))) {
            assertThatThrownBy(() -> RangeBound.encode(9, TWO, wrong)).isInstanceOfSatisfying(AvilaError.class,
                    error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARTITION_KEY));
        }
        for (List<JsonValue> wrong : List.of(values(100), values(-1), values("a"), values(1, 2))) {
            assertThatThrownBy(() -> RangeBound.encode(9, SYNTHETIC, wrong)).isInstanceOfSatisfying(AvilaError.class,
                    error -> assertThat(error.code()).isEqualTo(ErrorCode.INVALID_PARTITION_KEY));
        }
    }
}
