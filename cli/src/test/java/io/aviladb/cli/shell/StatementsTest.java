package io.aviladb.cli.shell;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StatementsTest {
    private final Statements statements = new Statements();

    private List<String> given(String... lines) {
        List<String> found = new ArrayList<>();
        for (String line : lines) {
            statements.add(line);
            for (Optional<String> next = statements.next(); next.isPresent(); next = statements.next()) {
                found.add(next.get());
            }
        }
        return found;
    }

    @Test
    void aStatementMayTakeSeveralLinesAndALineHoldSeveralStatements() {
        assertThat(given("SELECT a", "FROM t; SELECT b FROM t;;", "SELECT c")).containsExactly("SELECT a\nFROM t", "SELECT b FROM t");
        assertThat(statements.unfinished()).isEqualTo("SELECT c");
    }

    @Test
    void semicolonsInStringsNamesAndCommentsEndNothing() {
        assertThat(given("SELECT ';', 'it''s;', `a;b`, \";\" FROM t -- no; end", "/* nor; */ WHERE a = 1;"))
                .containsExactly("SELECT ';', 'it''s;', `a;b`, \";\" FROM t -- no; end\n/* nor; */ WHERE a = 1");
    }

    @Test
    void aStringMayCrossLines() {
        assertThat(given("SELECT 'a;", "b' FROM t;")).containsExactly("SELECT 'a;\nb' FROM t");
    }

    @Test
    void whatIsGivenUpLeavesNothingBehind() {
        given("SELECT 'open");
        statements.forget();
        assertThat(statements.unfinished()).isEmpty();
        assertThat(given("SELECT 1 FROM t;")).containsExactly("SELECT 1 FROM t");
    }
}
