package io.aviladb.router;

import static io.aviladb.router.RouterFixture.PLAYERS;
import static io.aviladb.router.RouterFixture.one;
import static org.assertj.core.api.Assertions.assertThat;

import io.aviladb.core.document.JsonString;
import io.aviladb.core.time.CutGrid;
import io.aviladb.core.time.HybridTimestamp;
import io.aviladb.core.version.Version;
import io.aviladb.core.version.VersionVector;
import io.aviladb.router.RouterFixture.Answer;
import io.aviladb.router.fake.FakeStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reads of a cut: by a version, or the newest that the region can tell. */
class SnapshotTest {
    private RouterFixture router;
    private FakeStore store;

    @BeforeEach
    void start() {
        router = RouterFixture.of("sa-east-1", "us-east-1").withPlayers();
        store = router.cluster.region("sa-east-1").store;
    }

    @AfterEach
    void stop() {
        router.close();
    }

    private Version put(String id, int level) {
        Answer answer = router.call("PUT", PLAYERS + "/" + id, "{\"id\":\"" + id + "\",\"userId\":\"u\",\"level\":" + level + "}");
        assertThat(answer.status()).as(answer.text()).isBetween(200, 201);
        return Version.parse(((JsonString) answer.json().get("version").orElseThrow()).value());
    }

    /** What is written from now on lies above every cut that includes what was written before. */
    private void nextCell() {
        HybridTimestamp end = CutGrid.including(store.closed());
        router.cluster.regions.values().forEach(region -> region.store.close(end));
    }

    private Answer at(String path, Object version) {
        return router.call("GET", path, "", "X-AvilaDB-Consistency", "snapshot", "X-AvilaDB-Snapshot", version.toString(),
                "X-AvilaDB-Timeout", "700");
    }

    private Answer query(String text) {
        return router.call("POST", "/v1/databases/game/query", "{\"query\":\"" + text + "\"}");
    }

    @Test
    void aSnapshotShowsTheDocumentAsItWasAtTheVersion() {
        Version first = put("a", 1);
        nextCell();
        Version second = put("a", 2);
        put("b", 3);
        Answer then = at(one("a", "u"), first);
        assertThat(then.text()).contains("\"level\":1");
        assertThat(then.header("x-aviladb-snapshot")).isEqualTo(new Version(CutGrid.including(first.stamp()), first.region()).toString());
        assertThat(at(one("a", "u"), then.header("x-aviladb-snapshot")).text()).as("the same cut").isEqualTo(then.text());
        assertThat(at(one("a", "u"), second).text()).contains("\"level\":2");
        assertThat(at(one("b", "u"), first).status()).isEqualTo(404);
        assertThat(at(PLAYERS, first).text()).contains("\"level\":1").doesNotContain("\"level\":2").doesNotContain("\"level\":3");
    }

    @Test
    void prefixReadsTheNewestCutThatTheRegionCanTellAndNamesIt() {
        put("a", 1);
        nextCell();
        put("a", 2);
        Answer prefix = router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "prefix");
        assertThat(prefix.status()).as(prefix.text()).isEqualTo(200);
        assertThat(prefix.text()).contains("\"level\":1");
        Answer listed = router.call("GET", PLAYERS, "", "X-AvilaDB-Consistency", "prefix");
        assertThat(listed.text()).contains("\"level\":1").doesNotContain("\"level\":2");
        assertThat(listed.header("x-aviladb-snapshot")).isEqualTo(prefix.header("x-aviladb-snapshot"));
        nextCell();
        assertThat(router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "prefix").text()).contains("\"level\":2");

        store.covered = VersionVector.of(router.cluster.region("us-east-1").incarnation, Version.parse(prefix.header("x-aviladb-snapshot"))
                .stamp());
        nextCell();
        put("a", 3);
        assertThat(router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "prefix").text())
                .as("a region that isn't heard of holds the cut back").contains("\"level\":1");
        store.covered = VersionVector.EMPTY;
        Answer never = router.call("GET", one("a", "u"), "", "X-AvilaDB-Consistency", "prefix");
        assertThat(never.status()).isEqualTo(503);
        assertThat(never.code()).isEqualTo("SNAPSHOT_NOT_REACHED");
    }

    @Test
    void aStateThatIsNotWholeHereIsRefusedAndSoIsOneThatIsGone() {
        Version first = put("a", 1);
        store.covered = VersionVector.EMPTY;
        Answer behind = at(one("a", "u"), first);
        assertThat(behind.status()).isEqualTo(503);
        assertThat(behind.code()).isEqualTo("SNAPSHOT_NOT_REACHED");
        assertThat(behind.text()).contains("\"retryable\":true");
        store.covered = null;
        nextCell();
        put("a", 2);
        store.horizon = CutGrid.including(first.stamp()).next();
        for (String path : new String[]{one("a", "u"), PLAYERS}) {
            Answer gone = at(path, first);
            assertThat(gone.status()).as(gone.text()).isEqualTo(410);
            assertThat(gone.code()).isEqualTo("SNAPSHOT_TOO_OLD");
        }
    }

    @Test
    void aQuerysAsOfIsACut() {
        Version first = put("a", 1);
        nextCell();
        put("a", 2);
        Answer byVersion = query("SELECT * FROM players AS OF '" + first + "'");
        assertThat(byVersion.text()).contains("\"level\":1").doesNotContain("\"level\":2");
        assertThat(byVersion.header("x-aviladb-snapshot")).isNotEmpty();
        assertThat(query("SELECT * FROM players AS OF " + first.stamp().millis()).text()).contains("\"level\":1");
        assertThat(query("SELECT * FROM players AS OF '2023-11-14T22:13:20Z'").text()).as("the fake's clock begins there")
                .contains("\"level\":1");
        for (String wrong : new String[]{"'yesterday'", "true", "-1", "'2026-01-31'"}) {
            assertThat(query("SELECT * FROM players AS OF " + wrong).code()).as(wrong).isEqualTo("QUERY_INVALID");
        }
        assertThat(query("SELECT * FROM players AS OF '9999-01-01T00:00:00Z'").code()).isEqualTo("INVALID_HEADER");
        assertThat(query("SELECT * FROM players AS OF @t").code()).isEqualTo("QUERY_PARAMETER");
    }

    @Test
    void whatGoesWithACutAndWhatDoesNot() {
        Version version = put("a", 1);
        String one = one("a", "u");
        assertThat(router.call("GET", one, "", "X-AvilaDB-Consistency", "snapshot").code()).isEqualTo("INVALID_HEADER");
        assertThat(router.call("GET", one, "", "X-AvilaDB-Snapshot", version.toString()).code()).isEqualTo("INVALID_HEADER");
        for (String consistency : new String[]{"strong", "session", "eventual", "prefix"}) {
            assertThat(router.call("GET", one, "", "X-AvilaDB-Consistency", consistency, "X-AvilaDB-Snapshot", version.toString()).code())
                    .as(consistency).isEqualTo("INVALID_HEADER");
        }
        assertThat(at(one, "now").code()).isEqualTo("INVALID_HEADER");
        assertThat(at(one, "7fffffffffff0000-1").code()).as("the future").isEqualTo("INVALID_HEADER");
        String update = "{\"updates\":{\"level\":2},\"where\":\"level = 1\"}";
        assertThat(router.call("PATCH", PLAYERS, update, "X-AvilaDB-Consistency", "prefix").code()).isEqualTo("INVALID_HEADER");
        assertThat(router.call("PATCH", PLAYERS, update, "X-AvilaDB-Consistency", "snapshot", "X-AvilaDB-Snapshot", version.toString())
                .code()).isEqualTo("INVALID_HEADER");
    }
}
