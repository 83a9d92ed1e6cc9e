package io.aviladb.node.consensus.ratis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.core.region.NodeId;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RatisPropertiesTest {
    private static Settings settings(Map<String, String> overrides) {
        return new Settings(NodeId.parse("sa-east-1/1"), UUID.randomUUID(), "127.0.0.1", 0, Path.of("x"),
                Tuning.DEFAULTS.withOverrides(overrides));
    }

    @ParameterizedTest
    @CsvSource({"raft.server.log.async-flush.enabled, true", "raft.server.log.unsafe-flush.enabled, true",
            "raft.server.log.corruption.policy, WARN_AND_RETURN", "raft.server.log.use.memory, true",
            "raft.server.log.appender.install.snapshot.enabled, true", "raft.server.rpc.first-election.timeout.min, 10ms"})
    void unsafeSettingIsRefusedByName(String key, String value) {
        assertThatThrownBy(() -> RatisProperties.of(settings(Map.of(key, value)), Path.of("x")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key);
    }

    @Test
    void harmlessSettingsAndDefaultsAreAccepted() {
        RaftProperties p = RatisProperties.of(settings(Map.of("raft.server.rpc.request.timeout", "7s")), Path.of("x"));
        assertThat(p.get("raft.server.rpc.request.timeout")).isEqualTo("7s");
        assertThat(RaftServerConfigKeys.Log.purgeUptoSnapshotIndex(p)).isTrue();
        assertThat(RaftServerConfigKeys.Rpc.timeoutMin(p).getDuration()).isPositive();
    }
}
