package io.aviladb.cli.load;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordSourceTest {
    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Each record as {@code line json} or {@code line !code}. */
    private static List<String> read(RecordSource source) throws IOException {
        List<String> records = new ArrayList<>();
        for (SourceRecord record = source.next(); record != null; record = source.next()) {
            records.add(record.line() + " " + switch (record) {
                case SourceRecord.Parsed parsed -> parsed.document().toJson();
                case SourceRecord.Malformed bad -> "!" + bad.code();
            });
        }
        return records;
    }

    @Test
    void jsonLinesKeepLineNumbersOverEmptyAndBadLines() throws IOException {
        assertThat(read(new JsonLinesSource(in("{\"a\":1}\n\n{oops}\r\n[1]\n{\"b\":1.50}")))).containsExactly("1 {\"a\":1}", "3 !AVL-2001",
                "4 !AVL-2004", "5 {\"b\":1.50}");
    }

    @Test
    void jsonLinesOfNothingAreNothing() throws IOException {
        assertThat(read(new JsonLinesSource(in("\n\n")))).isEmpty();
    }

    @Test
    void arrayIsSplitWhereElementsEndAndNotInsideStrings() throws IOException {
        String array = " [ {\"a\":\"],[ \\\" {\"} ,\n{\"b\":[1,{\"c\":2}]}, 7 ] \n";
        assertThat(read(new JsonArraySource(in(array)))).containsExactly("1 {\"a\":\"],[ \\\" {\"}", "2 {\"b\":[1,{\"c\":2}]}",
                "3 !AVL-2004");
    }

    @Test
    void emptyArrayIsNothing() throws IOException {
        assertThat(read(new JsonArraySource(in("[ ]")))).isEmpty();
    }

    @Test
    void truncatedArrayIsNoted() throws IOException {
        assertThat(read(new JsonArraySource(in("[{\"a\":1},{\"b\":")))).containsExactly("1 {\"a\":1}", "2 !AVL-2001");
    }

    @Test
    void trailingCommaAndTrailingTextAreNoted() throws IOException {
        assertThat(read(new JsonArraySource(in("[{\"a\":1},,{\"b\":1}] x")))).containsExactly("1 {\"a\":1}", "2 !AVL-2001",
                "3 {\"b\":1}");
        assertThat(read(new JsonArraySource(in("[] x")))).containsExactly("1 !AVL-2001");
    }

    private static List<String> csv(String text, Set<String> strings) throws IOException {
        InputStream in = in(text);
        return read(new CsvSource(in, () -> 0, ',', strings));
    }

    @Test
    void csvCellsAreTypedByHowTheyAreWritten() throws IOException {
        assertThat(csv("id,n,zip,ok,gone,t\nx,1.50,007,true,,\"a,\"\"b\"\"\"\n", Set.of()))
                .containsExactly("2 {\"id\":\"x\",\"n\":1.50,\"zip\":\"007\",\"ok\":true,\"t\":\"a,\\\"b\\\"\"}");
    }

    @Test
    void csvColumnsCanBeDeclaredStrings() throws IOException {
        assertThat(csv("id,n\n1,2\n", Set.of("id"))).containsExactly("2 {\"id\":\"1\",\"n\":2}");
    }

    @Test
    void csvLineWithTooManyCellsIsABadRecordAndTheNextIsRead() throws IOException {
        assertThat(csv("a,b\n1,2,3\n4\n", Set.of())).containsExactly("2 !AVL-1001", "3 {\"a\":4}");
    }

    @Test
    void typeIsSeenByNameOrFirstCharacter() throws IOException {
        assertThat(Sources.detect("x.csv.gz", in(""))).isEqualTo(Sources.Type.csv);
        assertThat(Sources.detect("-", in("  \n [1]"))).isEqualTo(Sources.Type.json);
        InputStream marked = in(" {\"a\":1}");
        assertThat(Sources.detect("-", marked)).isEqualTo(Sources.Type.ndjson);
        assertThat(read(new JsonLinesSource(marked))).containsExactly("1 {\"a\":1}");
    }
}
