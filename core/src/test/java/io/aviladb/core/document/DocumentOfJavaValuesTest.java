package io.aviladb.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DocumentOfJavaValuesTest {
    @Test
    void everyKindOfValueIsWrittenAsJson() {
        Document document = Document.of("s", "a\"b", "i", 42, "l", Long.MAX_VALUE, "d", 1.5, "f", 0.1f, "big", new BigDecimal("12.30"),
                "huge", new BigInteger("123456789012345678901234567890"), "b", true, "n", null, "list", List.of(1, "x", List.of()),
                "map", Map.of("k", false), "json", JsonNull.NULL, "doc", Document.of("x", 1));

        assertThat(document.toString()).isEqualTo("{\"s\":\"a\\\"b\",\"i\":42,\"l\":9223372036854775807,\"d\":1.5,\"f\":0.1,\"big\":12.3,"
                + "\"huge\":123456789012345678901234567890,\"b\":true,\"n\":null,\"list\":[1,\"x\",[]],\"map\":{\"k\":false},"
                + "\"json\":null,\"doc\":{\"x\":1}}");
    }

    @Test
    void membersKeepTheirOrder() {
        assertThat(Document.of("z", 1, "a", 2)).hasToString("{\"z\":1,\"a\":2}");
        assertThat(Document.of()).hasToString("{}");
    }

    @Test
    void whatHasNoFormInJsonIsRefused() {
        assertThatThrownBy(() -> Document.of("a", Double.NaN)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Document.of("a", Float.POSITIVE_INFINITY)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Document.of("a", new Object())).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> Document.of("a", Map.of(1, 2))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void namesWithoutValueOrGivenTwiceAreRefused() {
        assertThatThrownBy(() -> Document.of("a")).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("pairs");
        assertThatThrownBy(() -> Document.of(1, 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("string");
        assertThatThrownBy(() -> Document.of("a", 1, "a", 2)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("twice");
    }

    @Test
    void aListInsideItselfIsRefused() {
        List<Object> endless = new ArrayList<>();
        endless.add(endless);
        assertThatThrownBy(() -> Document.of("a", endless)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("128");
    }
}
