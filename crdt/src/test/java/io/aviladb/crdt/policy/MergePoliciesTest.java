package io.aviladb.crdt.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.CustomMerge;
import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.codec.ByteReader;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.JsonParser;
import io.aviladb.core.document.JsonValue;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class MergePoliciesTest {
    private static MergePolicyDefinition parse(String json) {
        return MergePolicies.parse(JsonParser.parse(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    private static void isRefused(String json, ErrorCode code) {
        assertThatThrownBy(() -> parse(json)).isInstanceOfSatisfying(AvilaError.class, error -> assertThat(error.code()).isEqualTo(code));
    }

    @Test
    void aStringStandsForTheDefaultAlone() {
        assertThat(parse("'lww'")).isEqualTo(MergePolicyDefinition.DEFAULT);
        assertThat(parse("{}")).isEqualTo(MergePolicyDefinition.DEFAULT);
    }

    @Test
    void theWholeFormComesBack() {
        MergePolicyDefinition policy = parse("{'default':'lww','fields':{'/wins':'counter','/a/b':'counter'},'deletes':'later'}");
        assertThat(policy.fields()).containsOnlyKeys(FieldPath.of("wins"), FieldPath.of("a", "b")).containsValue(FieldType.COUNTER);
        assertThat(MergePolicies.parse(MergePolicies.toJson(policy))).isEqualTo(policy);
        assertThat(MergePolicies.toJson(policy).toJson())
                .isEqualTo("{\"default\":\"lww\",\"fields\":{\"/a/b\":\"counter\",\"/wins\":\"counter\"},\"deletes\":\"later\"}");
    }

    @Test
    void everyTypeComesBack() {
        for (FieldType type : FieldType.values()) {
            MergePolicyDefinition policy = parse("{'fields':{'/x':'" + MergePolicies.word(type) + "'}}");
            assertThat(policy.fields()).containsEntry(FieldPath.of("x"), type);
            assertThat(MergePolicies.parse(MergePolicies.toJson(policy))).isEqualTo(policy);
        }
    }

    @Test
    void rulesAndDeletesComeBack() {
        for (Rule rule : List.of(Rule.LWW, Rule.LWW_DOCUMENT, Rule.MANUAL)) {
            for (Deletes deletes : Deletes.values()) {
                MergePolicyDefinition policy = parse("{'default':'" + MergePolicies.word(rule) + "','deletes':'"
                        + MergePolicies.word(deletes) + "'}");
                assertThat(policy.rule()).isEqualTo(rule);
                assertThat(policy.deletes()).isEqualTo(deletes);
                assertThat(MergePolicies.parse(MergePolicies.toJson(policy))).isEqualTo(policy);
            }
        }
        assertThat(parse("'lww-document'").rule()).isEqualTo(Rule.LWW_DOCUMENT);
    }

    @Test
    void aCustomMergeIsWhatItWasJudgedToBe() {
        CustomMerge judged = new CustomMerge("canonical", List.of("a", "b"), new CustomMerge.Certificate(List.of("TOTALITY"), 1, 2, -3));
        JsonValue json = JsonParser
                .parse("{\"default\":{\"custom\":\"text\"},\"deletes\":\"update-wins\"}".getBytes(StandardCharsets.UTF_8));
        MergePolicyDefinition policy = MergePolicies.parse(json, text -> {
            assertThat(text).isEqualTo("text");
            return judged;
        });
        assertThat(policy.rule()).isEqualTo(Rule.CUSTOM);
        assertThat(policy.custom()).contains(judged);
        assertThat(MergePolicies.parse(MergePolicies.toJson(policy), text -> judged)).isEqualTo(policy);
        assertThat(MergePolicies.toJson(policy).toJson()).isEqualTo("{\"default\":{\"custom\":\"canonical\"},\"deletes\":\"update-wins\"}");
        ByteWriter out = new ByteWriter();
        PolicyHistory.of(policy).then(MergePolicyDefinition.DEFAULT).then(policy).write(out);
        assertThat(PolicyHistory.read(new ByteReader(out.toByteArray())).list()).containsExactly(policy, MergePolicyDefinition.DEFAULT,
                policy);
        JsonValue typed = JsonParser
                .parse("{\"default\":{\"custom\":\"x\"},\"fields\":{\"/a/c\":\"max\"}}".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> MergePolicies.parse(typed, text -> judged)).hasMessageContaining("/a/c has a type");
        isRefused("{'default':{'custom':'max(local, remote)'}}", ErrorCode.INVALID_MERGE_POLICY);
    }

    @Test
    void whatIsDescribedAndNotThereYetIsNotImplemented() {
        for (String policy : new String[]{
                "{'fields':{'/tags':'list'}}", "{'fields':{'/n':'bounded-counter'}}"}) {
            isRefused(policy, ErrorCode.NOT_IMPLEMENTED);
        }
    }

    @Test
    void whatIsUnknownIsInvalid() {
        for (String policy : new String[]{"1", "'newest'", "{'default':1}", "{'deletes':'never'}", "{'fields':[]}",
                "{'fields':{'wins':'counter'}}",
                "{'fields':{'':'counter'}}", "{'fields':{'/wins':'sum'}}", "{'field':{}}",
                "{'fields':{'/a':'counter','/a/b':'counter'}}"}) {
            isRefused(policy, ErrorCode.INVALID_MERGE_POLICY);
        }
    }
}
