package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class StartRaceTest {
    private static IllegalStateException from(String className) {
        IllegalStateException thrown = new IllegalStateException("previous != null");
        thrown.setStackTrace(new StackTraceElement[]{
                new StackTraceElement("org.apache.ratis.util.Preconditions", "assertTrue", "Preconditions.java", 50),
                new StackTraceElement(className, "updateAndGet", "RoleInfo.java", 147)});
        return thrown;
    }

    @Test
    void aFollowerThatWasAlreadyStartedIsARace() {
        assertThat(StartRace.isOne(new IOException(from("org.apache.ratis.server.impl.RoleInfo")))).isTrue();
    }

    @Test
    void otherBrokenPreconditionsAreNone() {
        assertThat(StartRace.isOne(new IOException(from("org.apache.ratis.server.impl.ServerState")))).isFalse();
        assertThat(StartRace.isOne(new IOException("No space left on device"))).isFalse();
    }
}
