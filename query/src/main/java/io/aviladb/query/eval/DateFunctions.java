package io.aviladb.query.eval;

import io.aviladb.core.document.JsonNumber;
import io.aviladb.core.document.JsonString;
import io.aviladb.core.document.JsonValue;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Functions of times: strings of ISO 8601 ({@code 2026-03-01}, {@code 2026-03-01T10:00:00Z}, with an offset or without, which means UTC). Results
 * are in UTC. What is no time makes the result missing.
 */
final class DateFunctions {
    private static final Map<String, ChronoUnit> UNITS = Map.of("YEAR", ChronoUnit.YEARS, "MONTH", ChronoUnit.MONTHS, "WEEK",
            ChronoUnit.WEEKS, "DAY", ChronoUnit.DAYS, "HOUR", ChronoUnit.HOURS, "MINUTE", ChronoUnit.MINUTES, "SECOND", ChronoUnit.SECONDS,
            "MILLISECOND", ChronoUnit.MILLIS);

    static final List<ScalarFunction> ALL = List.of(
            new ScalarFunction("NOW", 0, 0, true, false,
                    (arguments, frame) -> text(frame.bindings().time().truncatedTo(ChronoUnit.MILLIS))),
            new ScalarFunction("DATE_PART", 2, 2, true, true, (arguments, frame) -> part(unit(arguments.get(0)), time(arguments.get(1)))),
            new ScalarFunction("DATE_TRUNC", 2, 2, true, true,
                    (arguments, frame) -> truncate(unit(arguments.get(0)), time(arguments.get(1)))),
            new ScalarFunction("DATE_ADD", 3, 3, true, true, (arguments, frame) -> add(arguments)),
            new ScalarFunction("DATE_DIFF", 3, 3, true, true, (arguments, frame) -> difference(arguments)),
            new ScalarFunction("TO_MILLIS", 1, 1, true, true, (arguments, frame) -> {
                LocalDateTime time = time(arguments.get(0));
                return time == null ? null : JsonNumber.of(time.toInstant(ZoneOffset.UTC).toEpochMilli());
            }), new ScalarFunction("FROM_MILLIS", 1, 1, true, true, (arguments, frame) -> {
                OptionalLong millis = StringFunctions.whole(arguments.get(0));
                boolean inRange = millis.isPresent() && Math.abs(millis.getAsLong()) < 250_000_000_000_000L;
                return inRange ? text(Instant.ofEpochMilli(millis.getAsLong())) : null;
            }));

    private DateFunctions() {
    }

    private static @Nullable ChronoUnit unit(@Nullable JsonValue value) {
        return value instanceof JsonString name ? UNITS.get(name.value().toUpperCase(Locale.ROOT)) : null;
    }

    private static @Nullable LocalDateTime time(@Nullable JsonValue value) {
        if (!(value instanceof JsonString string)) {
            return null;
        }
        String text = string.value();
        try {
            if (text.indexOf('T') < 0) {
                return LocalDate.parse(text).atStartOfDay();
            }
            boolean offset = text.endsWith("Z") || text.lastIndexOf('+') > 0 || text.lastIndexOf('-') > text.indexOf('T');
            return offset
                    ? LocalDateTime.ofInstant(OffsetDateTime.parse(text).toInstant(), ZoneOffset.UTC)
                    : LocalDateTime.parse(text);
        } catch (DateTimeException noTime) {
            return null; // any string may stand in a document: it's no time, and that is the answer
        }
    }

    private static JsonString text(Instant instant) {
        return new JsonString(instant.toString());
    }

    private static @Nullable JsonValue part(@Nullable ChronoUnit unit, @Nullable LocalDateTime time) {
        if (unit == null || time == null) {
            return null;
        }
        return JsonNumber.of(switch (unit) {
            case YEARS -> time.getYear();
            case MONTHS -> time.getMonthValue();
            case WEEKS -> time.get(java.time.temporal.IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case DAYS -> time.getDayOfMonth();
            case HOURS -> time.getHour();
            case MINUTES -> time.getMinute();
            case SECONDS -> time.getSecond();
            default -> time.getNano() / 1_000_000;
        });
    }

    private static @Nullable JsonValue truncate(@Nullable ChronoUnit unit, @Nullable LocalDateTime time) {
        if (unit == null || time == null) {
            return null;
        }
        LocalDateTime start = switch (unit) {
            case YEARS -> time.toLocalDate().withDayOfYear(1).atStartOfDay();
            case MONTHS -> time.toLocalDate().withDayOfMonth(1).atStartOfDay();
            case WEEKS -> time.toLocalDate().with(java.time.DayOfWeek.MONDAY).atStartOfDay();
            default -> time.truncatedTo(unit);
        };
        return text(start.toInstant(ZoneOffset.UTC));
    }

    private static @Nullable JsonValue add(List<? extends @Nullable JsonValue> arguments) {
        ChronoUnit unit = unit(arguments.get(0));
        OptionalLong amount = StringFunctions.whole(arguments.get(1));
        LocalDateTime time = time(arguments.get(2));
        if (unit == null || amount.isEmpty() || time == null) {
            return null;
        }
        try {
            return text(time.plus(amount.getAsLong(), unit).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException | ArithmeticException beyondTheCalendar) {
            return null;
        }
    }

    private static @Nullable JsonValue difference(List<? extends @Nullable JsonValue> arguments) {
        ChronoUnit unit = unit(arguments.get(0));
        LocalDateTime from = time(arguments.get(1));
        LocalDateTime to = time(arguments.get(2));
        return unit == null || from == null || to == null ? null : JsonNumber.of(unit.between(from, to));
    }
}
