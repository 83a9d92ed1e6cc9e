package io.aviladb.client.option;

import io.aviladb.core.consistency.Durability;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.region.RegionId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The options behind a URL's question mark. */
record UrlOptions(Optional<RegionId> region, RequestOptions requests) {
    static final List<String> NAMES = List.of("region", "consistency", "max-staleness", "durability", "timeout");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    /** @throws IllegalArgumentException for an unknown option, with the nearest name; for one given twice; for a value that it can't have */
    static UrlOptions parse(String query) {
        Optional<RegionId> region = Optional.empty();
        Optional<ReadConsistency> consistency = Optional.empty();
        Optional<Duration> staleness = Optional.empty();
        Optional<Durability> durability = Optional.empty();
        Duration timeout = RequestOptions.DEFAULT_TIMEOUT;
        List<String> seen = new ArrayList<>();
        for (String option : query.isEmpty() ? new String[0] : query.split("&", -1)) {
            int equals = option.indexOf('=');
            String name = equals < 0 ? option : option.substring(0, equals);
            String value = equals < 0 ? "" : option.substring(equals + 1);
            if (seen.contains(name)) {
                throw new IllegalArgumentException("the option '" + name + "' stands twice");
            }
            seen.add(name);
            switch (name) {
                case "region" -> region = Optional.of(new RegionId(value));
                case "consistency" -> consistency = Optional.of(oneOf(ReadConsistency.class, name, value));
                case "max-staleness" -> staleness = Optional.of(duration(name, value));
                case "durability" -> durability = Optional.of(oneOf(Durability.class, name, value));
                case "timeout" -> timeout = duration(name, value);
                default -> throw new IllegalArgumentException(
                        "unknown option '" + name + "'. Did you mean: " + NearestName.of(name, NAMES) + "?");
            }
        }
        return new UrlOptions(region, new RequestOptions(consistency, staleness, durability, timeout));
    }

    private static <E extends Enum<E>> E oneOf(Class<E> type, String name, String value) {
        List<String> names = Arrays.stream(type.getEnumConstants()).map(UrlOptions::lower).toList();
        int index = names.indexOf(value);
        if (index < 0) {
            throw new IllegalArgumentException("the option '" + name + "' is one of " + String.join(", ", names) + ", not '" + value + "'");
        }
        return type.getEnumConstants()[index];
    }

    private static Duration duration(String name, String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "the option '" + name + "' is a time with its unit, as in 500ms, 30s or 2m, not '" + value + "'");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            default -> Duration.ofMinutes(amount);
        };
    }

    static String toQuery(Optional<RegionId> region, RequestOptions requests) {
        List<String> options = new ArrayList<>();
        region.ifPresent(value -> options.add("region=" + value));
        requests.consistency().ifPresent(value -> options.add("consistency=" + lower(value)));
        requests.maxStaleness().ifPresent(value -> options.add("max-staleness=" + value.toMillis() + "ms"));
        requests.durability().ifPresent(value -> options.add("durability=" + lower(value)));
        if (!requests.timeout().equals(RequestOptions.DEFAULT_TIMEOUT)) {
            options.add("timeout=" + requests.timeout().toMillis() + "ms");
        }
        return options.isEmpty() ? "" : "?" + String.join("&", options);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
