package io.aviladb.query.language;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.antlr.v4.runtime.atn.ATNState;
import org.antlr.v4.runtime.atn.RuleTransition;
import org.antlr.v4.runtime.atn.Transition;
import org.antlr.v4.runtime.misc.IntervalSet;
import org.antlr.v4.tool.Grammar;
import org.jspecify.annotations.Nullable;

/** Random sentences of a grammar: a walk through its automaton that hurries to the end once it has said enough. */
final class SentenceGenerator {
    private static final int UNREACHABLE = 1_000_000;
    private static final List<String> WORDS = List.of("a", "level", "Score", "date", "user", "x1", "_y", "count", "players", "país");
    private static final List<String> STRINGS = List.of("''", "'a'", "'it''s'", "'é 🎮'", "'-- no comment'");
    private static final List<String> NUMBERS = List.of("0", "7", "42", "1.5", "0.25", "1e3", "2.5E-7", "123456789012345678901234567890");
    private static final List<String> SPACES = List.of(" ", " ", " ", "  ", "\n", "\t");

    private final Grammar grammar;
    private final int[] leastTokens;
    private final Random random;
    private final StringBuilder out = new StringBuilder();
    private int budget;

    SentenceGenerator(Grammar grammar, Random random) {
        this.grammar = grammar;
        this.random = random;
        this.leastTokens = leastTokens(grammar);
    }

    String sentence(String rule, int tokens) {
        out.setLength(0);
        budget = tokens;
        walk(grammar.getATN().ruleToStartState[grammar.getRule(rule).index]);
        return out.toString();
    }

    /** For each state the fewest tokens to the end of its rule, by iteration to the fixed point. */
    private static int[] leastTokens(Grammar grammar) {
        int[] least = new int[grammar.getATN().states.size()];
        Arrays.fill(least, UNREACHABLE);
        Arrays.stream(grammar.getATN().ruleToStopState).forEach(stop -> least[stop.stateNumber] = 0);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (ATNState state : grammar.getATN().states) {
                for (Transition transition : state.getTransitions()) {
                    int cost = cost(least, transition);
                    if (state.getStateType() != ATNState.RULE_STOP && cost < least[state.stateNumber]) {
                        least[state.stateNumber] = cost;
                        changed = true;
                    }
                }
            }
        }
        return least;
    }

    private static int cost(int[] least, Transition transition) {
        if (transition instanceof RuleTransition call) {
            return Math.min(UNREACHABLE, 1 + least[call.target.stateNumber] + least[call.followState.stateNumber]);
        }
        return Math.min(UNREACHABLE, least[transition.target.stateNumber] + (transition.isEpsilon() ? 0 : 1));
    }

    private void walk(ATNState from) {
        ATNState state = from;
        while (state.getStateType() != ATNState.RULE_STOP) {
            Transition chosen = choose(state);
            if (chosen instanceof RuleTransition call) {
                walk(call.target);
                state = call.followState;
                continue;
            }
            if (!chosen.isEpsilon()) {
                token(chosen.label());
            }
            state = chosen.target;
        }
    }

    private Transition choose(ATNState state) {
        Transition[] all = state.getTransitions();
        if (budget > 0) {
            return all[random.nextInt(all.length)];
        }
        Transition best = all[0];
        for (Transition each : all) {
            if (cost(leastTokens, each) < cost(leastTokens, best)) {
                best = each;
            }
        }
        return best;
    }

    private void token(@Nullable IntervalSet label) {
        int type = label == null ? 0 : label.get(random.nextInt(label.size()));
        budget--;
        String text = switch (grammar.getTokenDisplayName(type)) {
            case "WORD" -> pick(WORDS);
            case "QUOTED" -> pick(List.of("`a`", "`select`", "`tick``y`", "`two words`"));
            case "PARAMETER" -> "@" + pick(List.of("min", "p1", "select"));
            case "STRING" -> pick(STRINGS);
            case "NUMBER" -> pick(NUMBERS);
            case "STAR" -> "*";
            case "MINUS" -> "-";
            case "EOF" -> "";
            case String keyword -> keyword.startsWith("'") ? keyword.substring(1, keyword.length() - 1) : cased(keyword);
        };
        out.append(text).append(pick(SPACES));
    }

    private String cased(String keyword) {
        return random.nextBoolean() ? keyword : keyword.toLowerCase(java.util.Locale.ROOT);
    }

    private String pick(List<String> all) {
        return all.get(random.nextInt(all.size()));
    }
}
