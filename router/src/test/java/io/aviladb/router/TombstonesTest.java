package io.aviladb.router;

import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.region.RegionIncarnation;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.proto.node.HistoryReply;
import io.aviladb.router.RouterFixture.Answer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who holds deleted documents back, over REST: regions by name, times as times. */
class TombstonesTest {
    @Test
    void eachRangeNamesThoseWhoHoldItsOwn() {
        try (RouterFixture router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers()) {
            RegionIncarnation own = router.cluster.region("sa-east-1").incarnation;
            RegionIncarnation other = router.cluster.region("us-east-1").incarnation;
            router.cluster.region("sa-east-1").store.tombstones = new HistoryReply.Tombstones(5, true, 2, HybridTimestamp.ofMillis(1_000),
                    List.of(new HistoryReply.Holder(other, own, HybridTimestamp.ofMillis(60_000), 3)));
            Answer answer = router.call("GET", "/v1/databases/game/collections/players/tombstones", "");
            assertThat(answer.status()).as(answer.text()).isEqualTo(200);
            assertThat(answer.text()).contains("\"tombstones\":5", "\"complete\":true", "\"absorbed\":2",
                    "\"oldest\":\"1970-01-01T00:00:01Z\"",
                    "\"heldBy\":[{\"region\":\"us-east-1\",\"of\":\"sa-east-1\",\"acknowledged\":\"1970-01-01T00:01:00Z\"");
        }
    }
}
