package io.aviladb.client.option;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.client.AvilaClient;
import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.region.RegionId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class AvilaUrlTest {
    @Test
    void everyPartIsRead() {
        AvilaUrl url = AvilaUrl.parse("aviladb://ana:s%40cret@a:8001,b,[::1]:9/game?region=sa-east-1&consistency=eventual&timeout=500ms");
        assertThat(url.hosts()).containsExactly(new HostPort("a", 8001), new HostPort("b", 8000), new HostPort("::1", 9));
        assertThat(url.user()).contains("ana");
        assertThat(url.secret()).contains("s@cret");
        assertThat(url.database()).contains("game");
        assertThat(url.region()).contains(new RegionId("sa-east-1"));
        assertThat(url.requests().consistency()).contains(ReadConsistency.EVENTUAL);
        assertThat(url.requests().timeout()).isEqualTo(Duration.ofMillis(500));
    }

    @Test
    void theSecretIsNeverPrinted() {
        AvilaUrl url = AvilaUrl.parse("aviladb://ana:geheim@a/game?timeout=2m");
        assertThat(url).hasToString("aviladb://ana:***@a:8000/game?timeout=120000ms");
        assertThatThrownBy(() -> AvilaClient.connect(url)).isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> AvilaUrl.parse("aviladb://ana:geheim@a:x")).hasMessageNotContaining("geheim");
    }

    @Test
    void anUnknownOptionIsAnErrorWithTheNearestName() {
        assertThatThrownBy(() -> AvilaUrl.parse("aviladb://a/?consistancy=strong")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("unknown option 'consistancy'. Did you mean: consistency?");
    }

    @Test
    void badValuesAreErrors() {
        for (String bad : new String[]{"http://a", "aviladb://", "aviladb://a,,b", "aviladb://a:0", "aviladb://a:x",
                "aviladb://a?timeout=5",
                "aviladb://a?consistency=Strong", "aviladb://a?consistency=bounded", "aviladb://a?timeout=1s&timeout=2s",
                "aviladb://a?timeout=0ms", "aviladb+srv://a"}) {
            assertThatThrownBy(() -> AvilaUrl.parse(bad)).as(bad).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void theEnvironmentComesBeforeTheDefault() {
        assertThat(AvilaUrl.ofEnvironment(null)).isEqualTo(AvilaUrl.parse("aviladb://localhost:8000"));
        assertThat(AvilaUrl.ofEnvironment("aviladb://other").hosts()).containsExactly(new HostPort("other", 8000));
    }
}
