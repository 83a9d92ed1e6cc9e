package io.aviladb.chaos.mutation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A fault to be planted.
 *
 * @param file in the repository
 * @param before text that occurs once in the file
 * @param absent why it can't be planted; empty where it can
 */
record Mutant(int number, String name, String file, String before, String after, List<Question> questions, String absent) {
    /** A test to be asked. */
    record Question(String module, String test, List<String> properties) {
        String simpleName() {
            return test.substring(test.lastIndexOf('.') + 1);
        }
    }

    Mutant {
        questions = List.copyOf(questions);
        if (absent.isEmpty() && (file.isEmpty() || before.isEmpty() || questions.isEmpty())) {
            throw new IllegalArgumentException("mutant " + number + " says neither what it changes nor who is asked");
        }
    }

    /** @throws IllegalArgumentException where a line is none of the format's */
    static List<Mutant> parse(List<String> lines) {
        List<Mutant> all = new ArrayList<>();
        List<String> own = new ArrayList<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("== ") && !own.isEmpty()) {
                all.add(one(own));
                own.clear();
            }
            own.add(line);
        }
        if (!own.isEmpty()) {
            all.add(one(own));
        }
        return all;
    }

    private static Mutant one(List<String> lines) {
        String[] title = lines.getFirst().split(" ", 3);
        List<Question> questions = new ArrayList<>();
        String file = "";
        String before = "";
        String after = "";
        String absent = "";
        for (String line : lines.subList(1, lines.size())) {
            String rest = line.substring(line.indexOf(' ') + 1);
            switch (line.substring(0, line.indexOf(' '))) {
                case "in" -> file = rest;
                case "-" -> before = rest;
                case "+" -> after = rest;
                case "absent" -> absent = rest;
                case "by" -> {
                    String[] words = rest.split(" ", -1);
                    questions.add(new Question(words[0], words[1], Arrays.asList(words).subList(2, words.length)));
                }
                default -> throw new IllegalArgumentException("no line of a mutant: " + line);
            }
        }
        return new Mutant(Integer.parseInt(title[1]), title[2], file, before, after, questions, absent);
    }

    /** The file's text with the fault in it. @throws IllegalStateException where the code has moved on from what the mutant changes */
    String plantedIn(String text) {
        int at = text.indexOf(before);
        if (at < 0 || text.indexOf(before, at + 1) >= 0) {
            throw new IllegalStateException("mutant " + number + ": '" + before + "' occurs " + (at < 0 ? "not at all" : "more than once")
                    + " in " + file);
        }
        return text.substring(0, at) + after + text.substring(at + before.length());
    }
}
