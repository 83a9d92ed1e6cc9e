package io.aviladb.chaos.history;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An invocation and what became of it.
 *
 * @param completion null while unanswered: then nobody knows, as after {@code :info}
 */
public record Operation(Event invocation, @Nullable Event completion) {
    /** When an operation without a known end ends. */
    public static final long NEVER = Long.MAX_VALUE;

    /** What happened, as far as it is known. */
    public enum Outcome {
        /** It happened between invocation and completion. */
        OK,
        /** It did not happen. */
        FAILED,
        /** It takes effect at any time after its invocation, or never. */
        UNKNOWN
    }

    /** What happened. */
    public Outcome outcome() {
        if (completion == null || completion.type() == Event.Type.INFO) {
            return Outcome.UNKNOWN;
        }
        return completion.type() == Event.Type.OK ? Outcome.OK : Outcome.FAILED;
    }

    /** Whether it was acknowledged. */
    public boolean ok() {
        return outcome() == Outcome.OK;
    }

    /** Whether it may have taken effect. */
    public boolean possible() {
        return outcome() != Outcome.FAILED;
    }

    /** What is done, without the colon. */
    public String f() {
        return invocation.f();
    }

    /** Whether it only reads. */
    public boolean isRead() {
        return f().equals("read");
    }

    /** The client. */
    public Edn process() {
        return invocation.process();
    }

    /** The session: its note, else the process. */
    public Edn session() {
        return note("session").orElse(process());
    }

    /** The answer's value if there was a good one, else what was asked. */
    public Edn value() {
        return completion != null && ok() ? completion.value() : invocation.value();
    }

    /** Index of the invocation. */
    public long began() {
        return invocation.index();
    }

    /** Index of the completion; {@link #NEVER} if the outcome is unknown. */
    public long ended() {
        return completion == null || outcome() == Outcome.UNKNOWN ? NEVER : completion.index();
    }

    /** Time of the completion; {@link #NEVER} if the outcome is unknown. */
    public long endedNanos() {
        return completion == null || outcome() == Outcome.UNKNOWN ? NEVER : completion.timeNanos();
    }

    /** A note of the answer, else of the request. */
    public Optional<Edn> note(String name) {
        Optional<Edn> answered = completion == null ? Optional.empty() : completion.note(name);
        return answered.isPresent() ? answered : invocation.note(name);
    }

    /** Whether it is a read after heal and quiet. */
    public boolean isFinal() {
        return note("final?").filter(new Edn.Bool(true)::equals).isPresent();
    }

    /** Hybrid timestamp that the database gave to the write. */
    public Optional<Long> hlc() {
        return note("hlc").map(Edn::number);
    }

    /** What the answer showed: {@code [key value hlc]} each. */
    public List<Edn> seen() {
        return note("seen").map(Edn::items).orElse(List.of());
    }

    /** The same operation, its outcome forgotten. */
    public Operation forgotten() {
        return new Operation(invocation, null);
    }

    /** In words, with the indexes in the file. */
    public String describe() {
        String how = switch (outcome()) {
            case OK -> "acknowledged at " + ended();
            case FAILED -> "refused at " + ended();
            case UNKNOWN -> "outcome unknown";
        };
        return String.format(Locale.ROOT, "process %s: %s %s (asked at %d, %s)", process().text(), f(), value().text(), began(), how);
    }
}
