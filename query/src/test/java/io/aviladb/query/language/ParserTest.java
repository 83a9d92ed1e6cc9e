package io.aviladb.query.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParserTest {
    private static Query query(String text) {
        return ((Statement.Select) Parser.statement(text)).query();
    }

    private static AvilaError refusal(String text) {
        return catchThrowableOfType(AvilaError.class, () -> Parser.statement(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            a OR b AND c              | (`a` OR (`b` AND `c`))
            NOT a = 1 AND b           | ((NOT (`a` = 1)) AND `b`)
            a + b * c - d             | ((`a` + (`b` * `c`)) - `d`)
            -a.b[0] % 2               | ((-`a`.`b`[0]) % 2)
            x NOT BETWEEN 1 AND 2 + 3 | (`x` NOT BETWEEN 1 AND (2 + 3))
            x IN @list AND y          | ((`x` IN @list) AND `y`)
            x NOT IN (1, @two)        | (`x` NOT IN (1, @two))
            x LIKE 'a!%%' ESCAPE '!'  | (`x` LIKE 'a!%%' ESCAPE '!')
            a IS NOT MISSING          | (`a` IS NOT MISSING)
            count(DISTINCT a)         | COUNT(DISTINCT `a`)
            CASE WHEN a THEN 1 END    | CASE WHEN `a` THEN 1 END
            """)
    void operatorsBindAsInMathematics(String text, String printed) {
        assertThat(Printer.text(Parser.expression(text))).isEqualTo(printed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"level", "value", "order", "date", "user", "group", "key", "count", "set", "top", "end", "case", "array",
            "exists",
            "unnest", "by", "of", "missing", "desc", "update", "type", "name", "timestamp"})
    void commonWordsAreGoodFieldNames(String field) {
        Query query = query("SELECT " + field + " FROM players WHERE " + field + " > @min ORDER BY " + field + " DESC");
        assertThat(query.where().map(Printer::text)).contains("(`" + field + "` > @min)");
        assertThat(query.orderBy()).hasSize(1);
    }

    @Test
    void stringsAreJoinedBeforeTheyAreCompared() {
        assertThat(Printer.text(Parser.expression("a || b = c"))).isEqualTo("((`a` || `b`) = `c`)");
    }

    @Test
    void afterADotEveryWordIsAName() {
        assertThat(Printer.text(Parser.expression("p.select.from.`where`.null"))).isEqualTo("`p`.`select`.`from`.`where`.`null`");
    }

    @Test
    void valueIsAKeywordOnlyBeforeAnOperand() {
        assertThat(query("SELECT VALUE p.name FROM players p").projection()).isInstanceOf(Query.Single.class);
        assertThat(query("SELECT VALUE {'n': name} FROM players").projection()).isInstanceOf(Query.Single.class);
        assertThat(query("SELECT value FROM players").projection()).isInstanceOf(Query.Items.class);
        assertThat(query("SELECT value - 1, value[0] FROM players").projection()).isInstanceOf(Query.Items.class);
        assertThat(query("SELECT value NOT IN (1) FROM players").projection()).isInstanceOf(Query.Items.class);
        assertThat(query("SELECT VALUE [level, score] FROM players").projection()).isInstanceOf(Query.Single.class);
    }

    @Test
    void threeWaysToUnnestGiveOneTree() {
        String comma = Printer.text(query("SELECT * FROM players p, p.inventory i"));
        assertThat(Printer.text(query("SELECT * FROM players AS p JOIN i IN p.inventory"))).isEqualTo(comma);
        assertThat(Printer.text(query("SELECT * FROM players p, UNNEST(p.inventory) AS i"))).isEqualTo(comma);
    }

    @Test
    void parametersStandWhereverAnExpressionMay() {
        Query query = query("SELECT @a AS x FROM c AS OF @t WHERE y IN @b GROUP BY @c HAVING @d ORDER BY @e LIMIT @f OFFSET @g");
        assertThat(Printer.text(query)).contains("@a", "@t", "@b", "@c", "@d", "@e", "LIMIT @f", "OFFSET @g");
        assertThat(query("SELECT TOP @n * FROM c").limit().map(Printer::text)).contains("@n");
    }

    @Test
    void updateAndDeleteParse() {
        Statement.Update update = (Statement.Update) Parser.statement("UPDATE players SET wins = wins + 1, a.b = 'x' WHERE id = @id;");
        assertThat(update.assignments()).extracting(Statement.Assignment::path).containsExactly(List.of("wins"), List.of("a", "b"));
        Statement.Delete delete = (Statement.Delete) Parser.statement("delete from players");
        assertThat(delete.where()).isEmpty();
        assertThat(Parser.statement("EXPLAIN ANALYZE SELECT * FROM c")).isInstanceOfSatisfying(Statement.Explain.class,
                explain -> assertThat(explain.analyze()).isTrue());
    }

    @Test
    void doubleQuotesAreStringsInAConditionAlone() {
        assertThat(Printer.text(Parser.condition("a = \"it's\""))).isEqualTo("(`a` = 'it''s')");
        assertThat(refusal("SELECT * FROM c WHERE a = \"x\"").detail()).startsWith("at 1:27: write a string in single quotes");
    }

    @Test
    void commentsVanish() {
        assertThat(Printer.text(Parser.expression("a -- first\n + /* second */ b"))).isEqualTo("(`a` + `b`)");
    }

    @Nested
    class WhatIsWrong {
        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
                SELECT * FROM players WHERE level >       | at 1:36: expected expression but found <end of query>
                SELEC * FROM players                      | at 1:1: expected SELECT, UPDATE, DELETE or EXPLAIN but found 'SELEC'; did you mean SELECT?
                SELECT * FORM players                     | at 1:10: expected FROM but found 'FORM'; did you mean FROM?
                SELECT * FROM players p WEHRE x           | at 1:25: expected the end of the statement but found 'WEHRE'; did you mean WHERE?
                SELECT a b FROM c                         | at 1:10: expected FROM but found 'b'
                SELECT * FROM c WHERE a = b = c           | at 1:29: nothing can follow a comparison
                SELECT * FROM c WHERE a IS 5              | at 1:28: expected NULL, MISSING or DEFINED but found the number 5
                SELECT * FROM c WHERE a IN ()             | at 1:25: IN needs at least one value
                SELECT * FROM select                      | at 1:15: expected a collection's name but found SELECT (a reserved word is a name in back-quotes
                SELECT TOP 5 * FROM c LIMIT 3             | at 1:23: TOP and LIMIT say the same
                SELECT 'abc FROM c                        | at 1:8: this string has no end
                SELECT 1x FROM c                          | at 1:9: a letter follows the number 1
                SELECT 01 FROM c                          | at 1:8: a number doesn't begin with a needless 0
                SELECT @ FROM c                           | at 1:8: a parameter's name follows
                SELECT a FROM c WHERE (a = 1              | at 1:29: expected ')' but found <end of query>
                SELECT a # FROM c                         | at 1:10: the character '#' means nothing here
                """)
        void isSaidWithItsPlace(String text, String message) {
            AvilaError error = refusal(text);
            assertThat(error.code()).isEqualTo(ErrorCode.QUERY_SYNTAX);
            assertThat(error.detail()).startsWith(message);
        }

        @Test
        void isShownUnderACaret() {
            assertThat(refusal("SELECT *\nFROM c\n WHERE é 'x'").detail())
                    .isEqualTo("at 3:10: expected the end of the statement but found the string 'x'\n WHERE é 'x'\n         ^");
        }
    }

    @Nested
    class Limits {
        @Test
        void depthLengthListsAndChainsEnd() {
            assertTooComplex("SELECT " + "(".repeat(1_000) + "1" + ")".repeat(1_000) + " FROM c");
            assertTooComplex("SELECT " + " -".repeat(2_000) + "1 FROM c");
            assertTooComplex("SELECT a FROM c WHERE " + "NOT ".repeat(2_000) + "a");
            assertTooComplex("SELECT a" + ".b".repeat(LanguageLimits.MAX_OPERATORS + 1) + " FROM c");
            assertTooComplex("SELECT a" + " + b".repeat(LanguageLimits.MAX_OPERATORS + 1) + " FROM c");
            assertTooComplex("SELECT a FROM c WHERE a IN (1" + ",1".repeat(LanguageLimits.MAX_ELEMENTS) + ")");
            assertTooComplex("SELECT '" + "x".repeat(LanguageLimits.MAX_TEXT) + "' FROM c");
            StringBuilder parameters = new StringBuilder("SELECT [@p");
            for (int i = 0; i < LanguageLimits.MAX_PARAMETERS; i++) {
                parameters.append(", @p").append(i);
            }
            assertTooComplex(parameters.append("] FROM c").toString());
        }

        @Test
        void whatIsJustWithinThemParses() {
            query("SELECT a" + " + b".repeat(LanguageLimits.MAX_OPERATORS) + " FROM c");
            query("SELECT " + "(".repeat(LanguageLimits.MAX_DEPTH - 1) + "1" + ")".repeat(LanguageLimits.MAX_DEPTH - 1) + " FROM c");
            query("SELECT a FROM c WHERE a IN (1" + ",1".repeat(LanguageLimits.MAX_ELEMENTS - 1) + ")");
        }

        private void assertTooComplex(String text) {
            assertThat(refusal(text).code()).isEqualTo(ErrorCode.QUERY_TOO_COMPLEX);
        }
    }

    @Test
    void aPrintedChainIsNoDeeperThanItsParts() {
        assertThat(Printer.text(Parser.condition("a AND b AND (c OR d OR e) AND (f AND g)")))
                .isEqualTo("(`a` AND `b` AND (`c` OR `d` OR `e`) AND (`f` AND `g`))");
        String chain = String.join(" AND ", java.util.Collections.nCopies(200, "(a = 1 OR b = 2)"));
        String printed = Printer.text(Parser.condition(chain));
        assertThat(Printer.text(Parser.condition(printed))).isEqualTo(printed);
    }
}
