package io.aviladb.benchmarks.load;

import java.util.LinkedHashMap;
import java.util.Map;

/** A program's arguments, all {@code name=value} and all with a default. */
public record Arguments(Map<String, String> values) {
    public Arguments {
        values = Map.copyOf(values);
    }

    /**
     * Of a command line.
     *
     * @throws IllegalArgumentException for what is no {@code name=value}, or a name without a default
     */
    public static Arguments parse(String[] arguments, Map<String, String> defaults) {
        Map<String, String> values = new LinkedHashMap<>(defaults);
        for (String argument : arguments) {
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            if (equals < 0 || !defaults.containsKey(name)) {
                throw new IllegalArgumentException("expected name=value with one of " + defaults.keySet().stream().sorted().toList()
                        + ", not '" + argument + "'");
            }
            values.put(name, argument.substring(equals + 1));
        }
        return new Arguments(values);
    }

    public String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("there is no argument " + name);
        }
        return value;
    }

    /** A time. @throws IllegalArgumentException where it is no number above zero */
    public double seconds(String name) {
        double value = Double.parseDouble(text(name));
        if (!(value > 0)) {
            throw new IllegalArgumentException(name + " is more than 0, not " + text(name));
        }
        return value;
    }

    /** A whole number. @throws IllegalArgumentException where it is none, or less than 1 */
    public int count(String name) {
        int value = Integer.parseInt(text(name));
        if (value < 1) {
            throw new IllegalArgumentException(name + " is at least 1, not " + value);
        }
        return value;
    }
}
