package io.aviladb.core.random;

/** The seam for randomness. */
public interface RandomSource {
    /** Any long, uniformly. */
    long nextLong();

    /** {@code 0 <= result < bound}, uniformly. */
    int nextInt(int bound);

    static RandomSource of(java.util.random.RandomGenerator generator) {
        return new RandomSource() {
            @Override
            public long nextLong() {
                return generator.nextLong();
            }

            @Override
            public int nextInt(int bound) {
                return generator.nextInt(bound);
            }
        };
    }
}
