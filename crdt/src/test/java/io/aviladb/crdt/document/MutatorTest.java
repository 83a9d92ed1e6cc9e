package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.MergePolicyDefinition;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.codec.MalformedBytesException;
import io.aviladb.core.document.FieldPath;
import io.aviladb.core.document.Limits;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.PatchOperation;
import io.aviladb.core.write.PatchOperation.Kind;
import java.util.Arrays;
import java.util.TreeMap;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class MutatorTest {
    private final Replica a = new Replica(1);
    private final Replica b = new Replica(2);

    private String patched(String before, PatchOperation... operations) {
        a.put(a.known.highest().bits() + 1, before);
        a.patch(a.known.highest().bits() + 1, operations);
        return a.read().replace('"', '\'');
    }

    private void isRefused(ErrorCode code, String detail, String before, PatchOperation... operations) {
        assertThatThrownBy(() -> patched(before, operations)).isInstanceOfSatisfying(AvilaError.class, error -> {
            assertThat(error.code()).isEqualTo(code);
            assertThat(error.detail()).contains(detail);
        });
    }

    private static PatchOperation op(Kind kind, String path, String json) {
        return Replica.op(kind, path, json);
    }

    @Nested
    class Patches {
        @Test
        void setMakesMissingParentsAndAddsAtTheEnd() {
            assertThat(patched("{'x':1}", op(Kind.SET, "/a/b/c", "'v'"), op(Kind.SET, "/x", "2"))).isEqualTo("{'x':2,'a':{'b':{'c':'v'}}}");
        }

        @Test
        void setBelowAScalarTurnsItIntoAnObject() {
            assertThat(patched("{'a':5}", op(Kind.SET, "/a/b", "1"))).isEqualTo("{'a':{'b':1}}");
        }

        @Test
        void arraysHaveNoPaths() {
            isRefused(ErrorCode.INVALID_PATCH, "operation 0 (set /a/0)", "{'a':[1]}", op(Kind.SET, "/a/0", "1"));
        }

        @Test
        void unsetOfTheMissingDoesNothing() {
            assertThat(patched("{'x':1}", new PatchOperation(Kind.UNSET, FieldPath.of("y"), null, null))).isEqualTo("{'x':1}");
            assertThat(a.live.versions().get(0).cells()).isEqualTo(Cells.EMPTY);
        }

        @Test
        void incCountsExactly() {
            assertThat(patched("{'n':9007199254740993}", op(Kind.INC, "/n", "1"))).isEqualTo("{'n':9007199254740994}");
            assertThat(patched("{'n':0.1}", op(Kind.INC, "/n", "0.2"))).isEqualTo("{'n':0.3}");
            assertThat(patched("{}", op(Kind.INC, "/m/n", "3"), op(Kind.INC, "/m/n", "-1"))).isEqualTo("{'m':{'n':2}}");
        }

        @Test
        void incOfWhatIsNoNumberIsRefusedAndNamed() {
            isRefused(ErrorCode.INVALID_PATCH, "operation 1 (inc /s): the value at the path is a string", "{'s':'1'}",
                    op(Kind.SET, "/x", "1"), op(Kind.INC, "/s", "1"));
            isRefused(ErrorCode.INVALID_PATCH, "the value at /s is a string", "{'s':'1'}", op(Kind.INC, "/s/n", "1"));
            isRefused(ErrorCode.INVALID_PATCH, "the value is a string", "{}", op(Kind.INC, "/n", "'1'"));
            isRefused(ErrorCode.INVALID_PATCH, "digits", "{}", op(Kind.INC, "/n", "1e400"));
            isRefused(ErrorCode.INVALID_PATCH, "exponent", "{'n':1e999999999}", op(Kind.INC, "/n", "1"));
        }

        @Test
        void maxAndMinKeepTheExtreme() {
            assertThat(patched("{'n':5,'m':5}", op(Kind.MAX, "/n", "7"), op(Kind.MIN, "/m", "7"), op(Kind.MAX, "/k", "1")))
                    .isEqualTo("{'n':7,'m':5,'k':1}");
            assertThat(patched("{'n':1.0}", op(Kind.MAX, "/n", "1"))).isEqualTo("{'n':1.0}");
            isRefused(ErrorCode.INVALID_PATCH, "operation 0 (max /n)", "{'n':true}", op(Kind.MAX, "/n", "7"));
        }

        @Test
        void arraysGrowAndShrink() {
            assertThat(patched("{'a':[1]}", op(Kind.APPEND, "/a", "1"), op(Kind.APPEND, "/b", "2"))).isEqualTo("{'a':[1,1],'b':[2]}");
            assertThat(patched("{'a':[1]}", op(Kind.ADD_TO_SET, "/a", "1"), op(Kind.ADD_TO_SET, "/a", "2"))).isEqualTo("{'a':[1,2]}");
            assertThat(patched("{'a':[1,2,1]}", op(Kind.REMOVE, "/a", "1"), op(Kind.REMOVE, "/b", "1"))).isEqualTo("{'a':[2]}");
            isRefused(ErrorCode.INVALID_PATCH, "operation 0 (addToSet /a): the value at the path is a number, not an array", "{'a':1}",
                    op(Kind.ADD_TO_SET, "/a", "1"));
        }

        @Test
        void moveTakesTheValueAlong() {
            assertThat(patched("{'a':{'b':1},'c':2}", new PatchOperation(Kind.MOVE, FieldPath.of("d", "e"), FieldPath.of("a", "b"), null)))
                    .isEqualTo("{'a':{},'c':2,'d':{'e':1}}");
            isRefused(ErrorCode.INVALID_PATCH, "nothing is at /x", "{}",
                    new PatchOperation(Kind.MOVE, FieldPath.of("y"), FieldPath.of("x"), null));
            isRefused(ErrorCode.INVALID_PATCH, "into itself", "{'x':{}}",
                    new PatchOperation(Kind.MOVE, FieldPath.of("x", "y"), FieldPath.of("x"), null));
        }

        @Test
        void aRefusedPatchLeavesNothingBehind() {
            a.put(1, "{'x':1}");
            LiveVersions before = a.live;
            assertThatThrownBy(() -> a.patch(2, op(Kind.SET, "/x", "2"), op(Kind.APPEND, "/x", "1"))).isInstanceOf(AvilaError.class);
            assertThat(a.live).isEqualTo(before);
        }

        @Test
        void theLimitsHold() {
            String half = "'" + "x".repeat(Limits.MAX_DOCUMENT_BYTES / 2) + "'";
            isRefused(ErrorCode.DOCUMENT_TOO_LARGE, "limit", "{'a':" + half + "}", op(Kind.SET, "/b", half));
            String[] deep = new String[127];
            Arrays.fill(deep, "d");
            assertThat(patched("{}", new PatchOperation(Kind.SET, FieldPath.of(deep), null, io.aviladb.core.document.JsonArray.EMPTY)))
                    .contains("[]");
            isRefused(ErrorCode.TOO_DEEP, "128", "{}", new PatchOperation(Kind.SET, FieldPath.of(deep), null,
                    io.aviladb.core.document.JsonArray.of(io.aviladb.core.document.JsonArray.EMPTY)));
        }

        @Test
        void aPatchOfNothingFindsNothing() {
            assertThatThrownBy(() -> a.set(1, "/x", "1")).isInstanceOfSatisfying(AvilaError.class,
                    error -> assertThat(error.code()).isEqualTo(ErrorCode.DOCUMENT_NOT_FOUND));
        }
    }

    @Test
    void aMergePatchFollowsRfc7396() {
        a.put(1, "{'title':'Goodbye!','author':{'givenName':'John','familyName':'Doe'},'tags':['example'],'content':'c'}");
        a.write(2, new Mutation.MergePatch(Replica.bytes(
                "{'title':'Hello!','phone':'1','author':{'familyName':null},'tags':['x'],'new':{'a':null,'b':1},'content':{'t':2}}")),
                false);
        assertThat(a.read().replace('"', '\'')).isEqualTo(
                "{'title':'Hello!','author':{'givenName':'John'},'tags':['x'],'content':{'t':2},'phone':'1','new':{'b':1}}");
    }

    @Test
    void aWholePutComesBackByteForByteAndCarriesNothingElse() {
        String json = "{\"z\":1.10,\"a\":[1e400]}";
        LiveVersion made = a.put(7, json);
        assertThat(a.read()).isEqualTo(json);
        assertThat(made.encode().length).isLessThanOrEqualTo(json.length() + 12);
        assertThat(made.hasCounters()).isFalse();
    }

    @Test
    void aPutOnABaseKeepsTheOrderThatItWasWrittenIn() {
        a.put(1, "{'x':1,'y':{'p':1,'q':2}}");
        b.pull(a);
        LiveVersion made = a.putOnBase(2, "{'y':{'q':2},'x':1,'w':[]}");
        assertThat(a.read().replace('"', '\'')).isEqualTo("{'y':{'q':2},'x':1,'w':[]}");
        assertThat(made.cells().list()).extracting(cell -> cell.path().toString()).containsExactly("/w", "/y/p");
        b.set(2, "/x", "9");
        b.pull(a);
        assertThat(b.read().replace('"', '\'')).isEqualTo("{'y':{'q':2},'x':9,'w':[]}");
    }

    @Test
    void aPutOnABaseCountsWhereTheFieldIsACounter() {
        TreeMap<FieldPath, FieldType> fields = new TreeMap<>();
        fields.put(FieldPath.of("n"), FieldType.COUNTER);
        a.put(1, "{'n':5}");
        b.pull(a);
        LiveVersion counted = Mutator.apply(a.live, a.known, new Mutation.Put(Replica.bytes("{'n':7}")), true,
                new Version(new HybridTimestamp(5), a.region), PolicyHistory.of(new MergePolicyDefinition(fields)));
        b.inc(6, "/n", "10");
        b.pull(counted);
        assertThat(b.read()).isEqualTo("{\"n\":17}");
    }

    @Test
    void aConcurrentWholePutComesBackInItsOwnOrder() {
        a.put(5, "{'c':1,'b':1}");
        b.put(6, "{'b':2,'c':2}");
        a.pull(b);
        assertThat(a.read().replace('"', '\'')).isEqualTo("{'b':2,'c':2}");
    }

    @Test
    void damagedBytesAreNoVersion() {
        byte[] bytes = a.inc(a.put(1, "{'n':1}").version().stamp().bits() + 1, "/n", "1").encode();
        for (int length = 0; length < bytes.length - 7; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> LiveVersion.decode(cut)).isInstanceOf(MalformedBytesException.class);
        }
        bytes[0] = 0x7F;
        assertThatThrownBy(() -> LiveVersion.decode(bytes)).isInstanceOf(MalformedBytesException.class);
    }
}
