package io.aviladb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** What can't be started fails its class, with the reason, and runs no test. */
class AvilaClusterExtensionTest {
    @ParameterizedTest
    @CsvSource({"NoRegion, '@AvilaCluster: regions is 1 to 3, not 0'", "FourRegions, '@AvilaCluster: regions is 1 to 3, not 4'",
            "TenNodes, '@AvilaCluster: nodesPerRegion is 1 to 9, not 10'"})
    void whatIsOutOfBoundsIsRefused(String name, String message) throws Exception {
        TestExecutionSummary summary = run(Class.forName(AvilaClusterExtensionTest.class.getName() + "$" + name));
        assertThat(summary.getTestsStartedCount()).isZero();
        assertThat(summary.getFailures()).singleElement().extracting(failure -> failure.getException().getMessage()).isEqualTo(message);
    }

    private static TestExecutionSummary run(Class<?> tests) {
        SummaryGeneratingListener listener = new SummaryGeneratingListener();
        LauncherFactory.create().execute(LauncherDiscoveryRequestBuilder.request().selectors(selectClass(tests)).build(), listener);
        return listener.getSummary();
    }

    @AvilaCluster(regions = 0)
    static class NoRegion {
        @Test
        void isNeverReached() {
            throw new AssertionError("reached");
        }
    }

    @AvilaCluster(regions = 4)
    static class FourRegions {
        @Test
        void isNeverReached() {
            throw new AssertionError("reached");
        }
    }

    @AvilaCluster(nodesPerRegion = 10)
    static class TenNodes {
        @Test
        void isNeverReached() {
            throw new AssertionError("reached");
        }
    }
}
