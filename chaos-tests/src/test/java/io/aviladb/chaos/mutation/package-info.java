/**
 * How many planted faults the tests find. {@code chaos-tests/mutants/mutants.txt} lists them; {@link io.aviladb.chaos.mutation.Mutants} plants each in a
 * compiled copy of its one class, which stands before the others on the class path of the tests that are asked. No production code knows of it.
 */
@NullMarked
package io.aviladb.chaos.mutation;

import org.jspecify.annotations.NullMarked;
