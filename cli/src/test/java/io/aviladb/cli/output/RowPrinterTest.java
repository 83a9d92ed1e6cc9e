package io.aviladb.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonObject;
import io.aviladb.core.document.JsonParser;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowPrinterTest {
    private static String print(Format format, String... rows) {
        StringWriter text = new StringWriter();
        try (RowPrinter printer = new RowPrinter(new PrintWriter(text), format, List.of())) {
            for (String row : rows) {
                printer.row((JsonObject) JsonParser.parse(row.getBytes(StandardCharsets.UTF_8)));
            }
        }
        return text.toString().replace(System.lineSeparator(), "\n");
    }

    private static final String ONE = "{\"a\":1.50,\"b\":\"x,y\"}";
    private static final String TWO = "{\"a\":20,\"c\":[1]}";

    @Test
    void tableAlignsAndNumbersStandRight() {
        assertThat(print(Format.table, ONE, TWO)).isEqualTo("   a  b    c\n1.50  x,y\n  20       [1]\n");
    }

    @Test
    void jsonLinesAndArrayKeepDocumentsAsTheyAre() {
        assertThat(print(Format.ndjson, ONE, TWO)).isEqualTo(ONE + "\n" + TWO + "\n");
        assertThat(print(Format.json, ONE, TWO)).isEqualTo("[\n  " + ONE + ",\n  " + TWO + "\n]\n");
        assertThat(print(Format.json)).isEqualTo("[]\n");
    }

    @Test
    void csvQuotesWhatNeedsIt() {
        assertThat(print(Format.csv, ONE, TWO).replace("\r\n", "\n")).isEqualTo("a,b,c\n1.50,\"x,y\",\n20,,[1]\n");
    }

    @Test
    void yamlIsOneSequenceWithTheDigitsAsWritten() {
        assertThat(print(Format.yaml, ONE, TWO)).startsWith("- a: 1.50\n").contains("\n- a: 20\n");
        assertThat(print(Format.yaml)).isEqualTo("[]\n");
    }
}
