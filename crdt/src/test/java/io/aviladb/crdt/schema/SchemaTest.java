package io.aviladb.crdt.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.SchemaDefinition;
import io.aviladb.core.catalog.SchemaDefinition.Action;
import io.aviladb.core.catalog.SchemaDefinition.Level;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonNull;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaTest {
    private static JsonValue json(String text) {
        return JsonParser.parse(text.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static List<SchemaViolation> check(String schema, String document) {
        return Schema.compile(json(schema)).check(Document.parse(document.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    @Nested
    class Violations {
        @Test
        void nameThePlaceAndTheKeyword() {
            assertThat(check("{'properties':{'a/b':{'items':{'properties':{'age':{'type':'integer','minimum':0}}}}}}",
                    "{'a/b':[{'age':1},{'age':-1},{'age':'x'}]}"))
                    .containsExactly(new SchemaViolation("/a~1b/1/age", "minimum", "is -1, must be at least 0"),
                            new SchemaViolation("/a~1b/2/age", "type", "is string, must be integer"));
        }

        @Test
        void areAtMostEight() {
            assertThat(check("{'additionalProperties':{'type':'null'}}",
                    "{'a':1,'b':1,'c':1,'d':1,'e':1,'f':1,'g':1,'h':1,'i':1,'j':1}")).hasSize(Run.MAX_VIOLATIONS);
        }

        @Test
        void comeBackFromTheTextThatAnErrorHas() {
            List<SchemaViolation> all = List.of(new SchemaViolation("", "required", "lacks 'a; \"b\"'"),
                    new SchemaViolation("/\" (x): ", "type", "is null, must be string"), new SchemaViolation("/c", "not", "matches"));
            assertThat(SchemaViolation.ofDetail(SchemaViolation.detail(all.subList(1, 3)))).isEqualTo(all.subList(1, 3));
            assertThat(SchemaViolation.ofDetail("the document has changed since")).isEmpty();
        }
    }

    @Nested
    class Steps {
        /** Each level asks twice about the next: 2^n applications of schemas, and a value of 130 bytes. */
        @Test
        void areBoundedWhereASchemaDoublesOnEachLevel() {
            String doubling = "{'allOf':[{'properties':{'a':{'$ref':'#'}}},{'properties':{'a':{'$ref':'#'}}}]}";
            String deep = "{'a':".repeat(100) + "1" + "}".repeat(100);
            assertThat(check(doubling, deep)).singleElement().extracting(SchemaViolation::keyword).isEqualTo("$schema");
        }

        @Test
        void areEnoughForAGreatDocument() {
            StringBuilder great = new StringBuilder("{'a':[0");
            for (int i = 1; i < 200_000; i++) {
                great.append(',').append(i);
            }
            assertThat(check("{'properties':{'a':{'uniqueItems':true,'items':{'type':'integer','minimum':0}}}}", great + "]}")).isEmpty();
        }

        @Test
        void areBoundedWhereOnlySomeValuesMakeALoop() {
            String loop = "{'properties':{'a':{'$ref':'#/$defs/x'}},'$defs':{'x':{'anyOf':[{'maximum':0},{'$ref':'#/$defs/x'}]}}}";
            assertThat(check(loop, "{'a':0}")).isEmpty();
            assertThat(check(loop, "{'a':1}")).singleElement().extracting(SchemaViolation::keyword).isEqualTo("$ref");
        }

        /** A backtracking matcher takes 2^30 steps here. */
        @Test
        void ofARegularExpressionAreLinear() {
            assertThat(check("{'properties':{'a':{'pattern':'^(a+)+$'}}}", "{'a':'" + "a".repeat(5_000) + "!'}")).hasSize(1);
        }
    }

    @Nested
    class Numbers {
        @Test
        void areComparedExactly() {
            assertThat(check("{'properties':{'a':{'maximum':9007199254740993}}}", "{'a':9007199254740994}")).hasSize(1);
            assertThat(check("{'properties':{'a':{'multipleOf':0.01}}}", "{'a':19.99}")).isEmpty();
            assertThat(check("{'properties':{'a':{'const':1}}}", "{'a':1.0}")).isEmpty();
        }

        @Test
        void thatAreTooLargeToCalculateWithBreakTheKeyword() {
            for (String keyword : List.of("'maximum':1", "'multipleOf':0.01", "'type':'integer'")) {
                assertThat(check("{'properties':{'a':{" + keyword + "}}}", "{'a':1e999999999}")).hasSize(1);
            }
            assertThat(check("{'properties':{'a':{'type':'number'}}}", "{'a':1e999999999}")).isEmpty();
        }
    }

    @Nested
    class Definitions {
        @Test
        void comeAsASchemaOrWithTheirModes() {
            SchemaDefinition bare = Schemas.parse(json("{'type':'object'}"));
            assertThat(bare).isEqualTo(new SchemaDefinition("{\"type\":\"object\"}", Level.STRICT, Action.ERROR));
            SchemaDefinition whole = Schemas.parse(json("{'jsonSchema':{'type':'object'},'level':'moderate','action':'warn'}"));
            assertThat(whole).isEqualTo(new SchemaDefinition("{\"type\":\"object\"}", Level.MODERATE, Action.WARN));
            for (SchemaDefinition definition : List.of(bare, whole, Schemas.parse(JsonNull.NULL))) {
                assertThat(Schemas.parse(Schemas.toJson(definition))).isEqualTo(definition);
                ByteWriter out = new ByteWriter();
                definition.write(out);
                assertThat(SchemaDefinition.read(new ByteReader(out.toByteArray()))).isEqualTo(definition);
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"'object'", "{'type':'int'}", "{'minimum':'0'}", "{'minLength':-1}", "{'pattern':'(?=a)'}",
                "{'pattern':'('}",
                "{'items':[{}]}", "{'$ref':'https://example.org/x'}", "{'$ref':'#/$defs/none'}", "{'$ref':'#'}", "{'allOf':[]}",
                "{'allOf':[{'$ref':'#'}]}", "{'anyOf':[{'type':'null'},{'$ref':'#'}]}", "{'required':['a','a']}", "{'enum':1}",
                "{'$schema':'http://json-schema.org/draft-07/schema#'}", "{'$dynamicRef':'#x'}", "{'properties':{'a':{'$id':'x'}}}",
                "{'dependencies':{}}", "{'multipleOf':0}", "{'maximum':1e99999}", "{'$defs':{'x':1}}", "{'properties':{'a':1}}",
                "{'jsonSchema':{},'level':'lax'}", "{'jsonSchema':{},'mode':'x'}", "{'jsonSchema':1}", "1"})
        void thatAreNoneAreRefused(String text) {
            assertThatThrownBy(() -> Schemas.parse(json(text))).isInstanceOfSatisfying(AvilaError.class,
                    refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INVALID_SCHEMA));
        }

        @Test
        void mayReferToThemselvesThroughAMember() {
            Schemas.parse(json("{'properties':{'next':{'$ref':'#'}}}"));
            assertThat(check("{'properties':{'next':{'$ref':'#'},'n':{'type':'integer'}}}", "{'next':{'next':{'n':'x'}}}"))
                    .extracting(SchemaViolation::pointer).containsExactly("/next/next/n");
        }

        @Test
        void areNoDeeperThanCompiles() {
            StringBuilder chain = new StringBuilder("{'$ref':'#/$defs/d0','$defs':{");
            for (int i = 0; i < 900; i++) {
                chain.append("'d").append(i).append("':{'$ref':'#/$defs/d").append(i + 1).append("'},");
            }
            assertThatThrownBy(() -> Schemas.parse(json(chain + "'d900':true}}"))).isInstanceOf(AvilaError.class)
                    .hasMessageContaining("deep");
        }
    }
}
