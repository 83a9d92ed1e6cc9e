package io.aviladb.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.region.NodeId;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.write.UnitAnswer;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A region whose node comes back serves at once, though the catalog has no majority before the other regions are there. */
class LoneRegionTest {
    @TempDir
    Path root;

    @Test
    void regionServesAfterARestartWhileAllOtherRegionsAreDead() throws Exception {
        RegionId home = new RegionId("sa-east-1");
        try (TestCluster cluster = new TestCluster(root, 1, NodeLimits.DEV, home.name(), "us-east-1", "eu-west-1")) {
            cluster.awaitReady();
            cluster.createCollection("players");
            cluster.put(home, "players", "1", "{\"p\":\"p\",\"id\":\"1\"}");
            cluster.killAll();

            NodeServer alone = cluster.start(NodeId.parse("sa-east-1/1"));
            TestCluster.await(alone::isReady);
            assertThat(cluster.get(home, "players", "1")).contains("{\"p\":\"p\",\"id\":\"1\"}");
            assertThat(cluster.put(home, "players", "2", "{\"p\":\"p\",\"id\":\"2\"}")).isInstanceOf(UnitAnswer.Committed.class);
        }
    }
}
