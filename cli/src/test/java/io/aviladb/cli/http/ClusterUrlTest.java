package io.aviladb.cli.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.aviladb.cli.CommandFailure;
import io.aviladb.cli.ExitCode;
import java.net.URI;
import org.junit.jupiter.api.Test;

class ClusterUrlTest {
    @Test
    void portAndDatabaseAreOptional() {
        ClusterUrl url = ClusterUrl.parse("aviladb://localhost");
        assertThat(url.endpoints()).containsExactly(URI.create("http://localhost:8000"));
        assertThat(url.database()).isEmpty();
    }

    @Test
    void everyPartIsRead() {
        ClusterUrl url = ClusterUrl.parse("aviladb://a:8001,[::1]:8100/shop?tls=true&timeout=500ms");
        assertThat(url.endpoints()).containsExactly(URI.create("https://a:8001"), URI.create("https://[::1]:8100"));
        assertThat(url.database()).isEqualTo("shop");
        assertThat(url.options()).containsEntry("timeout", "500ms");
    }

    @Test
    void unknownOptionIsRefusedWithTheNearestName() {
        assertThatThrownBy(() -> ClusterUrl.parse("aviladb://a/?consistancy=strong"))
                .isInstanceOfSatisfying(CommandFailure.class, refused -> {
                    assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
                    assertThat(refused.hint()).contains("'consistency'");
                });
    }

    @Test
    void whatIsNoUrlIsAUsageError() {
        for (String text : new String[]{"localhost:8000", "ftp://a", "aviladb://a:99999", "aviladb://", "aviladb://user:secret@a",
                "aviladb+srv://a", "aviladb://a:x"}) {
            assertThatThrownBy(() -> ClusterUrl.parse(text)).as(text).isInstanceOfSatisfying(CommandFailure.class,
                    refused -> assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE));
        }
    }

    @Test
    void refusalOfCredentialsDoesNotRepeatThem() {
        assertThatThrownBy(() -> ClusterUrl.parse("aviladb://user:secret@a")).hasMessageNotContaining("secret");
    }
}
