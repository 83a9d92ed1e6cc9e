package io.aviladb.crdt.policy;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.catalog.MergeFunction;
import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonObject;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LawCheckerTest {
    private static LawVerdict check(MergeFunction merge) {
        return LawChecker.check(merge, List.of("v"), 7);
    }

    private static LawVerdict.Law broken(MergeFunction merge) {
        assertThat(check(merge)).isInstanceOf(LawVerdict.Counterexample.class);
        return ((LawVerdict.Counterexample) check(merge)).law();
    }

    private static JsonObject greater(JsonObject a, JsonObject b) {
        return a.toJson().compareTo(b.toJson()) >= 0 ? a : b;
    }

    @Test
    void aMaximumIsAcceptedAndTheCertificateRepeats() {
        LawVerdict verdict = check((base, local, remote) -> greater(local, remote));
        assertThat(verdict).isInstanceOfSatisfying(LawVerdict.Certificate.class, certificate -> {
            assertThat(certificate.exhaustive()).isGreaterThan(1_000);
            assertThat(certificate.seed()).isEqualTo(7);
        });
        assertThat(check((base, local, remote) -> greater(local, remote))).isEqualTo(verdict);
    }

    @Test
    void eachLawIsChecked() {
        AtomicInteger calls = new AtomicInteger();
        assertThat(broken((base, local, remote) -> JsonObject.of("v", JsonNumber.of(calls.incrementAndGet()))))
                .isEqualTo(LawVerdict.Law.DETERMINISM);
        assertThat(broken((base, local, remote) -> null)).isEqualTo(LawVerdict.Law.TOTALITY);
        assertThat(broken((base, local, remote) -> JsonNumber.of(1))).isEqualTo(LawVerdict.Law.TOTALITY);
        assertThat(broken((base, local, remote) -> local)).isEqualTo(LawVerdict.Law.COMMUTATIVITY);
        assertThat(broken((base, local, remote) -> JsonObject.of("v", JsonNumber.of(1)))).isEqualTo(LawVerdict.Law.IDEMPOTENCE);
        // Beats its neighbour, as in scissors, paper, stone.
        assertThat(broken((base, local, remote) -> local.equals(remote) || beats(local, remote) ? local : remote))
                .isIn(LawVerdict.Law.ASSOCIATIVITY, LawVerdict.Law.COMMUTATIVITY);
    }

    private static boolean beats(JsonObject a, JsonObject b) {
        return (a.hashCode() - b.hashCode() & 1) == 0;
    }

    /** The fault lies far from the bounded domain: only random documents meet it. */
    @Test
    void randomDocumentsFindWhatTheBoundedDomainDoesNot() {
        JsonObject odd = JsonObject.of("v", JsonNumber.of(-3));
        assertThat(broken((base, local, remote) -> local.equals(odd) ? remote : greater(local, remote)))
                .isEqualTo(LawVerdict.Law.COMMUTATIVITY);
    }

    @Test
    void counterexamplesAreShrunk() {
        LawVerdict.Counterexample found = (LawVerdict.Counterexample) check((base, local, remote) -> local);
        assertThat(List.of(found.base(), found.z())).containsOnly(JsonObject.EMPTY);
        assertThat(found.x().toJson().length() + found.y().toJson().length()).isLessThanOrEqualTo("{}{\"v\":0}".length());
    }
}
