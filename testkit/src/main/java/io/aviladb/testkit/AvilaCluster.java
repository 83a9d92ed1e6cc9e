package io.aviladb.testkit;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Starts a cluster in the tests' process before the first test of a class, and stops it after the last one; nested classes share it. Test methods,
 * constructors and lifecycle methods may take it as {@link TestCluster}, or a client of its first region as
 * {@link io.aviladb.client.AvilaClient}.
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(AvilaClusterExtension.class)
public @interface AvilaCluster {
    /** How many regions, 1 to 3: of {@code sa-east-1}, {@code us-east-1}, {@code eu-west-1} the first ones. */
    int regions() default 1;

    /** How many nodes in each region, 1 to 9. With 3, a region outlives the loss of one. More cost seconds at each start. */
    int nodesPerRegion() default 1;

    /** How many seconds the start may take; past them the class fails. */
    int startSeconds() default 180;
}
