package io.aviladb.query.language;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.antlr.v4.tool.Grammar;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code -Daviladb.query.seed=N} repeats a run, {@code -Daviladb.query.sentences=N} makes it longer. */
class LanguageOracleProperties {
    private static final long SEED = Long.getLong("aviladb.query.seed", System.nanoTime());
    private static final int SENTENCES = Integer.getInteger("aviladb.query.sentences", 2_000);
    private static final String DAMAGE = "\"'`@()[]{},.;%$#\n🎮\uD83C0a-/*SELECT ";
    @SuppressWarnings("NullAway.Init")
    private static Grammar grammar;

    @BeforeAll
    static void readGrammar() throws IOException, org.antlr.runtime.RecognitionException {
        grammar = new Grammar(Files.readString(Path.of("src", "test", "antlr4", "AvilaQuery.g4")));
    }

    @Test
    void sentencesOfTheGrammarParseToTheSameTree() {
        Random random = new Random(SEED);
        SentenceGenerator sentences = new SentenceGenerator(grammar, random);
        OracleParser oracle = new OracleParser(grammar);
        int parsed = 0;
        for (int i = 0; i < SENTENCES; i++) {
            String text = sentences.sentence("wholeStatement", 5 + random.nextInt(60));
            Statement byHand;
            try {
                byHand = Parser.statement(text);
            } catch (AvilaError error) {
                assertThat(error.code()).as("seed %s: %s%n%s", SEED, text, error).isEqualTo(ErrorCode.QUERY_TOO_COMPLEX);
                continue;
            }
            assertThat(byHand).as("seed %s: %s", SEED, text).isEqualTo(oracle.statement(text));
            parsed++;
        }
        assertThat(parsed).as("seed %s", SEED).isGreaterThan(SENTENCES * 9 / 10);
    }

    @Test
    void whatIsPrintedParsesToWhatWasPrinted() {
        Random random = new Random(SEED);
        SentenceGenerator sentences = new SentenceGenerator(grammar, random);
        for (int i = 0; i < SENTENCES; i++) {
            String printed = Printer.text(Parser.expression(sentences.sentence("operand", 3 + random.nextInt(30))));
            assertThat(Printer.text(Parser.expression(printed))).as("seed %s", SEED).isEqualTo(printed);
        }
    }

    @Test
    void damagedSentencesAreRefusedWithAPlaceOrParse() {
        Random random = new Random(SEED);
        SentenceGenerator sentences = new SentenceGenerator(grammar, random);
        int refused = 0;
        for (int i = 0; i < SENTENCES; i++) {
            StringBuilder text = new StringBuilder(sentences.sentence("wholeStatement", 5 + random.nextInt(30)));
            for (int change = random.nextInt(3) + 1; change > 0; change--) {
                damage(text, random);
            }
            try {
                Parser.statement(text.toString());
            } catch (AvilaError error) {
                assertThat(error.code()).as("seed %s: %s", SEED, text).isIn(ErrorCode.QUERY_SYNTAX, ErrorCode.QUERY_TOO_COMPLEX);
                assertThat(error.detail()).as("seed %s: %s", SEED, text).startsWith("at ").endsWith("^");
                refused++;
            }
        }
        assertThat(refused).as("seed %s", SEED).isGreaterThan(SENTENCES / 4);
    }

    private static void damage(StringBuilder text, Random random) {
        int at = random.nextInt(Math.max(1, text.length()));
        if (random.nextBoolean() && text.length() > 1) {
            text.deleteCharAt(at);
        } else {
            text.insert(at, DAMAGE.charAt(random.nextInt(DAMAGE.length())));
        }
    }
}
