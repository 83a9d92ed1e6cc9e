package io.aviladb.chaos.checker.seeded;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/**
 * When operations of a few clients begin, take effect and end.
 *
 * @param slots in the order of their effects; what never takes effect comes last
 */
record Schedule(List<Schedule.Slot> slots) {
    /**
     * One operation's times.
     *
     * @param effect between begin and end; {@link Draft#NEVER} if it has none
     */
    record Slot(int client, int begin, int end, double effect) {}

    private static final int UNKNOWN_OF_100 = 15;

    Schedule {
        slots = List.copyOf(slots);
    }

    /** @param unknown whether outcomes may be unknown: then the effect comes at any later time, or never */
    static Schedule of(Random random, int operations, int clients, boolean unknown) {
        List<int[]> times = new ArrayList<>(); // client, begin, end
        int[] open = new int[clients];
        Arrays.fill(open, -1);
        int now = 0;
        while (times.size() < operations || Arrays.stream(open).anyMatch(at -> at >= 0)) {
            int client = random.nextInt(clients);
            if (open[client] >= 0) {
                times.get(open[client])[2] = now++;
                open[client] = -1;
            } else if (times.size() < operations) {
                open[client] = times.size();
                times.add(new int[]{client, now++, 0});
            }
        }
        List<Slot> slots = new ArrayList<>();
        for (int[] time : times) {
            boolean lost = unknown && random.nextInt(100) < UNKNOWN_OF_100;
            double effect = time[1] + random.nextDouble() * ((lost ? now : time[2]) - time[1]);
            slots.add(new Slot(time[0], time[1], lost ? Draft.NEVER : time[2], lost && random.nextBoolean() ? Draft.NEVER : effect));
        }
        slots.sort(Comparator.comparingDouble(Slot::effect));
        return new Schedule(slots);
    }
}
