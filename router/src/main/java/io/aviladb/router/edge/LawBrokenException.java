package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.crdt.policy.LawVerdict.Counterexample;
import java.util.Locale;

/** A custom merge is refused: the error, and the documents that break a law. */
public final class LawBrokenException extends RuntimeException {
    private final transient Counterexample counterexample;

    public LawBrokenException(Counterexample counterexample) {
        super(counterexample.law().formula(), null, false, false);
        this.counterexample = counterexample;
    }

    public Counterexample counterexample() {
        return counterexample;
    }

    public AvilaError error() {
        Counterexample broken = counterexample;
        return new AvilaError(ErrorCode.MERGE_LAW_BROKEN,
                broken.law().name().toLowerCase(Locale.ROOT) + ": " + broken.law().formula() + " doesn't hold for x = " + broken.x()
                        + ", y = " + broken.y() + ", z = " + broken.z() + " over base = " + broken.base() + ": left " + broken.left()
                        + ", right " + broken.right());
    }
}
