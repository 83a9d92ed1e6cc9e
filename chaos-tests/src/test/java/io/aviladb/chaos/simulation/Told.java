package io.aviladb.chaos.simulation;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.router.route.UnitResult;

/** What a client concludes of its write's result. */
sealed interface Told {
    /** It happened. */
    record Done(UnitAnswer.Committed answer) implements Told {}

    /** It certainly didn't happen. */
    record Refused(ErrorCode code) implements Told {}

    /** Nobody knows. */
    record Unknown(ErrorCode code) implements Told {}

    static Told of(UnitResult result) {
        return switch (result) {
            case UnitResult.Answered(UnitAnswer.Committed committed, var served) -> new Done(committed);
            case UnitResult.Answered(UnitAnswer.Refused refused, var served) -> of(refused.code());
            case UnitResult.Failed(AvilaError error) -> of(error.code());
        };
    }

    private static Told of(ErrorCode code) {
        return code.outcome() == ErrorCode.Outcome.NOT_APPLIED ? new Refused(code) : new Unknown(code);
    }

    /** Of a read that failed. @throws IllegalStateException where it isn't an error that a client would be told */
    static ErrorCode code(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof AvilaError)) {
            cause = cause.getCause();
        }
        if (cause instanceof AvilaError error) {
            return error.code();
        }
        throw new IllegalStateException("a router failed with what is no error of the catalogue", failure);
    }
}
