package io.aviladb.crdt.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.catalog.MergePolicyDefinition.Deletes;
import io.aviladb.core.catalog.MergePolicyDefinition.FieldType;
import io.aviladb.core.catalog.MergePolicyDefinition.Rule;
import io.aviladb.core.catalog.PolicyHistory;
import io.aviladb.core.codec.ByteWriter;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.write.Mutation;
import io.aviladb.core.write.PatchOperation.Kind;
import io.aviladb.crdt.conflict.Conflict;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What each type of field does with the same few situations; its fields are {@code /s} and {@code /a/t}. */
class TypedFieldTest {
    private static PolicyHistory policy(FieldType type) {
        return PolicyHistory.of(Policies.typed(Rule.LWW, Deletes.LATER, type));
    }

    /** Two regions that have the document. */
    private static Replica[] both(FieldType type, String json) {
        Replica[] regions = {new Replica(1, policy(type)), new Replica(2, policy(type))};
        regions[1].pull(regions[0].put(1, json));
        return regions;
    }

    private static String merged(Replica a, Replica b) {
        Replica reader = new Replica(9, a.policies);
        reader.pull(a);
        reader.pull(b);
        Replica other = new Replica(9, a.policies);
        other.pull(b);
        other.pull(a);
        assertThat(other.read()).isEqualTo(reader.read());
        other.forget();
        assertThat(other.read()).as("forgotten").isEqualTo(reader.read());
        return reader.read().replace('"', '\'');
    }

    private static void mismatch(Replica region, String detail, ThrowingCallable write) {
        LiveVersions before = region.live;
        assertThatThrownBy(write).isInstanceOfSatisfying(AvilaError.class, error -> {
            assertThat(error.code()).isEqualTo(ErrorCode.FIELD_TYPE_MISMATCH);
            assertThat(error.detail()).contains(detail);
        });
        assertThat(region.live).isEqualTo(before);
    }

    @Nested
    class Extremes {
        @Test
        void theGreatestOfConcurrentNumbersShowsWhicheverIsNewer() {
            Replica[] of = both(FieldType.MAX, "{'s':1}");
            of[0].patch(20, Replica.op(Kind.MAX, "/s", "7"));
            of[1].patch(30, Replica.op(Kind.MAX, "/s", "5"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':7}");
        }

        @Test
        void theLeastOfConcurrentNumbersShowsAlsoBelowAnObject() {
            Replica[] of = both(FieldType.MIN, "{'a':{'t':9,'u':1}}");
            of[0].patch(20, Replica.op(Kind.MIN, "/a/t", "2"));
            of[1].patch(30, Replica.op(Kind.MIN, "/a/t", "5"), Replica.op(Kind.SET, "/a/u", "2"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'a':{'t':2,'u':2}}");
        }

        @Test
        void aNumberThatIsSetTakesThePlaceOfThoseSeenAndOfNoOthers() {
            Replica[] of = both(FieldType.MAX, "{'s':10}");
            of[0].set(20, "/s", "3");
            assertThat(of[0].read()).isEqualTo("{\"s\":3}");
            of[1].patch(30, Replica.op(Kind.SET, "/x", "1"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':3,'x':1}");
            of[1].patch(31, Replica.op(Kind.MAX, "/s", "12"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':12,'x':1}");
        }

        @Test
        void ofEqualNumbersTheShorterTextShows() {
            Replica[] of = both(FieldType.MAX, "{'s':0}");
            of[0].set(20, "/s", "1");
            of[1].set(30, "/s", "1.0");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':1}");
        }

        @Test
        void otherValuesAndOperationsAreRefusedAndNamed() {
            Replica[] of = both(FieldType.MAX, "{'s':1}");
            mismatch(of[0], "/s is a field of type max and takes a number", () -> of[0].set(20, "/s", "'x'"));
            mismatch(of[0], "/s is a field of type max", () -> of[0].put(20, "{'s':null}"));
            mismatch(of[0], "/a/t is a field of type max", () -> of[0].put(20, "{'a':{'t':[1]}}"));
            mismatch(of[0], "/a/t is a field of type max", () -> of[0].putOnBase(20, "{'s':1,'a':{'t':true}}"));
            mismatch(of[0], "exponent", () -> of[0].set(20, "/s", "1e99999"));
            mismatch(of[0], "operation 1 (min /s)",
                    () -> of[0].patch(20, Replica.op(Kind.SET, "/x", "1"), Replica.op(Kind.MIN, "/s", "0")));
            mismatch(of[0], "operation 0 (inc /s)", () -> of[0].inc(20, "/s", "1"));
            mismatch(of[0], "operation 0 (set /s/x): /s/x lies inside /s", () -> of[0].set(20, "/s/x", "1"));
            mismatch(of[0], "/s is a field of type max",
                    () -> of[0].write(20, new Mutation.MergePatch(Replica.bytes("{'s':'x'}")), false));
        }
    }

    @Nested
    class Flags {
        @Test
        void enableWinsOverADisableThatHasNotSeenIt() {
            Replica[] of = both(FieldType.ENABLE_WINS_FLAG, "{'s':false}");
            of[0].set(20, "/s", "true");
            of[1].set(30, "/s", "false");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':true}");
            of[1].pull(of[0]);
            of[1].set(40, "/s", "false");
            assertThat(merged(of[0], of[1])).as("seen").isEqualTo("{'s':false}");
        }

        @Test
        void disableWinsOverAnEnableThatHasNotSeenIt() {
            Replica[] of = both(FieldType.DISABLE_WINS_FLAG, "{'s':true}");
            of[0].set(20, "/s", "false");
            of[1].set(30, "/s", "true");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':false}");
        }

        @Test
        void removedFlagsAreMissingUnlessTheyWereSetMeanwhile() {
            Replica[] of = both(FieldType.ENABLE_WINS_FLAG, "{'s':true}");
            of[0].unset(40, "/s");
            of[1].set(30, "/x", "1");
            assertThat(merged(of[0], of[1])).isEqualTo("{'x':1}");
            of[1].set(31, "/s", "false");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':false,'x':1}");
        }

        @Test
        void otherValuesAndOperationsAreRefusedAndNamed() {
            Replica[] of = both(FieldType.ENABLE_WINS_FLAG, "{'s':true}");
            mismatch(of[0], "takes true or false, not 1", () -> of[0].set(20, "/s", "1"));
            mismatch(of[0], "operation 0 (max /s)", () -> of[0].patch(20, Replica.op(Kind.MAX, "/s", "1")));
        }
    }

    @Nested
    class Sets {
        @Test
        void anAddWinsOverARemovalThatHasNotSeenIt() {
            Replica[] of = both(FieldType.ADD_WINS_SET, "{'s':['b','a']}");
            assertThat(of[0].read()).as("as written").isEqualTo("{\"s\":[\"b\",\"a\"]}");
            of[0].patch(20, Replica.op(Kind.REMOVE, "/s", "'a'"), Replica.op(Kind.ADD_TO_SET, "/s", "'c'"));
            of[1].patch(15, Replica.op(Kind.ADD_TO_SET, "/s", "'a'"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':['a','b','c']}");
            of[0].pull(of[1]);
            of[0].patch(30, Replica.op(Kind.REMOVE, "/s", "'a'"));
            assertThat(merged(of[0], of[1])).as("seen").isEqualTo("{'s':['b','c']}");
        }

        @Test
        void aRemovalWinsOverAnAddThatHasNotSeenItAlsoOfWhatIsNotThereYet() {
            Replica[] of = both(FieldType.REMOVE_WINS_SET, "{'s':['a']}");
            of[0].patch(20, Replica.op(Kind.REMOVE, "/s", "'a'"), Replica.op(Kind.REMOVE, "/s", "'b'"));
            of[1].patch(30, Replica.op(Kind.ADD_TO_SET, "/s", "'a'"), Replica.op(Kind.ADD_TO_SET, "/s", "'b'"),
                    Replica.op(Kind.ADD_TO_SET, "/s", "'c'"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':['c']}");
            of[0].pull(of[1]);
            of[0].patch(40, Replica.op(Kind.ADD_TO_SET, "/s", "'a'"));
            assertThat(merged(of[0], of[1])).as("seen").isEqualTo("{'s':['a','c']}");
        }

        @Test
        void anOlderRemovalStaysWhereTheDocumentIsReplaced() {
            Replica[] of = both(FieldType.REMOVE_WINS_SET, "{'s':['a']}");
            of[0].patch(20, Replica.op(Kind.REMOVE, "/s", "'a'"));
            of[0].put(21, "{'s':['b']}");
            of[1].patch(30, Replica.op(Kind.ADD_TO_SET, "/s", "'a'"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':['b']}");
        }

        @Test
        void aWholeArrayIsTheDifferenceFromWhatWasSeen() {
            Replica[] of = both(FieldType.ADD_WINS_SET, "{'s':['a','b']}");
            of[0].set(20, "/s", "['a','c']");
            of[1].patch(15, Replica.op(Kind.REMOVE, "/s", "'a'"), Replica.op(Kind.ADD_TO_SET, "/s", "'d'"));
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':['c','d']}");
        }

        @Test
        void otherValuesAndOperationsAreRefusedAndNamed() {
            Replica[] of = both(FieldType.ADD_WINS_SET, "{'s':['a']}");
            mismatch(of[0], "takes an array that has each element once", () -> of[0].set(20, "/s", "['a','a']"));
            mismatch(of[0], "takes an array", () -> of[0].put(20, "{'s':'a'}"));
            mismatch(of[0], "operation 0 (append /s)", () -> of[0].patch(20, Replica.op(Kind.APPEND, "/s", "'b'")));
        }
    }

    @Nested
    class Registers {
        @Test
        void concurrentValuesStandBesideOneAnotherUntilOneWriteHasSeenThemAll() {
            Replica[] of = both(FieldType.REGISTER, "{'s':'draft'}");
            of[0].set(20, "/s", "'final'");
            of[1].set(30, "/s", "{'by':'Eva'}");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':['final',{'by':'Eva'}]}");
            of[1].pull(of[0]);
            of[1].set(40, "/s", "'both'");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':'both'}");
        }

        @Test
        void theSameValueTwiceIsOne() {
            Replica[] of = both(FieldType.REGISTER, "{'s':'draft'}");
            of[0].set(20, "/s", "'final'");
            of[1].set(30, "/s", "'final'");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':'final'}");
        }

        @Test
        void aRemovalTakesAwayWhatItHasSeenAndNothingElse() {
            Replica[] of = both(FieldType.REGISTER, "{'s':'draft'}");
            of[0].unset(20, "/s");
            of[1].set(15, "/s", "'final'");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':'final'}");
        }

        @Test
        void aPutOfWhatWasReadKeepsAllValuesAndOneOfThemAloneSettlesIt() {
            Replica[] of = both(FieldType.REGISTER, "{'s':'draft'}");
            of[0].set(20, "/s", "1");
            of[1].set(30, "/s", "null");
            of[0].pull(of[1]);
            of[1].pull(of[0]);
            of[0].put(40, "{'s':[null,1],'x':1}");
            assertThat(of[0].read()).isEqualTo("{\"s\":[null,1],\"x\":1}");
            of[1].set(41, "/s", "'new'");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':[null,1,'new'],'x':1}");
            of[0].pull(of[1]);
            of[0].putOnBase(50, "{'s':'new','x':1}");
            assertThat(merged(of[0], of[1])).isEqualTo("{'s':'new','x':1}");
        }

        @Test
        void anArrayIsNoValueAndOtherOperationsAreRefused() {
            Replica[] of = both(FieldType.REGISTER, "{'s':1}");
            for (String array : List.of("[]", "['a']", "['a','a']", "['a',[]]")) {
                mismatch(of[0], "/s is a field of type register and takes any value but an array", () -> of[0].set(20, "/s", array));
            }
            mismatch(of[0], "operation 0 (inc /s)", () -> of[0].inc(20, "/s", "1"));
            mismatch(of[0], "/s/x lies inside /s", () -> of[0].set(20, "/s/x", "1"));
        }

        @Test
        void whatWasRemovedFromAFieldThatWasASetIsNoValue() {
            PolicyHistory sets = policy(FieldType.REMOVE_WINS_SET);
            PolicyHistory later = sets.then(policy(FieldType.REGISTER).current());
            Replica a = new Replica(1, sets);
            Replica b = new Replica(2, later);
            b.pull(a.put(1, "{'s':['a','b','c']}"));
            a.patch(20, Replica.op(Kind.REMOVE, "/s", "'c'"));
            b.set(30, "/x", "1");
            assertThat(merged(b, a)).isEqualTo("{'s':['a','b'],'x':1}");
        }

        @Test
        void whatSeveralValuesCost() {
            Replica[] of = both(FieldType.REGISTER, "{'s':0}");
            of[0].set(20, "/s", "1");
            of[1].set(30, "/s", "2");
            of[0].pull(of[1]);
            LiveVersion made = of[0].set(40, "/x", "1");
            assertThat(hex(made.fields())).isEqualTo("02000000000000001401000000000000001e0201022f730301000000");
            of[0].forget();
            assertThat(of[0].live.versions().get(0).fields().isEmpty()).isTrue();
            assertThat(of[0].read()).isEqualTo("{\"s\":[1,2],\"x\":1}");
        }
    }

    /** The order of keys and of queries: by code point, so that an emoji (a pair of surrogates) stands above U+FFFD; numbers exactly. */
    @Test
    void elementsStandInTheOneOrderOfValues() {
        Replica[] of = both(FieldType.ADD_WINS_SET, "{'s':[]}");
        of[0].set(20, "/s", "['\uD83C\uDFAE',{'b':1,'a':2},1e99999,'\uFFFD','z',null,1.0]");
        of[1].set(30, "/s", "[{'a':1,'z':0},[1],2,'\uD83C\uDFAF',1,false]");
        assertThat(merged(of[0], of[1]))
                .isEqualTo("{'s':[null,false,1,1.0,2,1e99999,'z','\uFFFD','\uD83C\uDFAE','\uD83C\uDFAF',[1],{'a':1,'z':0},{'b':1,'a':2}]}");
    }

    @Test
    void whatATypeMergesIsNoLossAndOtherFieldsStillAre() {
        Replica[] of = both(FieldType.MAX, "{'s':1,'x':1}");
        Conflict conflict = Conflict.of(of[0].set(20, "/s", "7"), of[1].set(30, "/s", "5"));
        assertThat(conflict.overwrites(of[0].policies)).isFalse();
        assertThat(Conflict.of(of[0].set(40, "/x", "7"), of[1].set(50, "/x", "5")).overwrites(of[0].policies)).isTrue();
    }

    @Test
    void wholePutsCarryNothingBesideTheBody() {
        Replica region = new Replica(1, policy(FieldType.MAX));
        assertThat(region.put(7, "{\"s\":3}").encode()).hasSize("{\"s\":3}".length() + 10);
    }

    @Test
    void aConflictIsForgottenToTheBareBody() {
        Replica[] of = both(FieldType.ENABLE_WINS_FLAG, "{'s':false}");
        of[0].set(20, "/s", "true");
        of[1].set(30, "/s", "false");
        of[0].pull(of[1]);
        LiveVersion both = of[0].set(40, "/x", "1");
        assertThat(both.fields().isEmpty()).as("both values are kept").isFalse();
        of[0].forget();
        assertThat(of[0].live.versions().get(0).fields().isEmpty()).isTrue();
        assertThat(of[0].read()).isEqualTo("{\"s\":true,\"x\":1}");
    }

    @Test
    void aValueFromBeforeTheTypeIsMergedByTheNewestUntilOneThatFitsIsWritten() {
        PolicyHistory later = PolicyHistory.DEFAULT.then(policy(FieldType.MAX).current());
        Replica a = new Replica(1, later);
        Replica b = new Replica(2, later);
        Replica old = new Replica(3);
        LiveVersion first = old.put(1, "{'s':'ten'}");
        a.pull(first);
        b.pull(first);
        assertThatThrownBy(() -> a.patch(10, Replica.op(Kind.MAX, "/s", "7"))).hasMessageContaining("the value at the path is a string");
        a.set(10, "/s", "7");
        b.set(20, "/x", "1");
        assertThat(merged(a, b)).isEqualTo("{'s':7,'x':1}");
        b.set(21, "/s", "5");
        assertThat(merged(a, b)).isEqualTo("{'s':7,'x':1}");
    }

    private static String hex(Fields fields) {
        ByteWriter out = new ByteWriter();
        fields.write(out, fields.hold());
        return HexFormat.of().formatHex(out.toByteArray());
    }

    @Test
    void bytesOfTypedFieldsStayAsTheyAre() {
        Replica[] of = both(FieldType.MAX, "{}");
        of[0].set(20, "/s", "7");
        of[1].set(30, "/s", "5");
        of[0].pull(of[1]);
        LiveVersion made = of[0].set(40, "/x", "1");
        assertThat(hex(made.fields())).isEqualTo("02000000000000001401000000000000001e0201022f7300000101350002");
        assertThat(List.of(LiveVersion.decode(made.encode()))).containsExactly(made);
    }
}
