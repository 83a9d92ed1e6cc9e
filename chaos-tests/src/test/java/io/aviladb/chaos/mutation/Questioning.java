package io.aviladb.chaos.mutation;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs one test class in a process of its own, and ends it with the first failure: 0 all passed, 3 one failed, 4 none ran. */
final class Questioning {
    static final int PASSED = 0;
    static final int FAILED = 3;
    static final int NOTHING = 4;

    private Questioning() {
    }

    /** @param arguments the class */
    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request().selectors(selectClass(arguments[0])).build();
        int[] passed = new int[1];
        LauncherFactory.create().execute(request, new TestExecutionListener() {
            @Override
            public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (result.getStatus() != TestExecutionResult.Status.SUCCESSFUL) {
                    String message = result.getThrowable().map(Throwable::toString).orElse("").lines().findFirst().orElse("");
                    System.out.println("FAILED " + test.getDisplayName() + " | " + message);
                    System.out.flush();
                    Runtime.getRuntime().halt(FAILED);
                } else if (test.isTest()) {
                    passed[0]++;
                }
            }
        });
        System.out.flush();
        Runtime.getRuntime().halt(passed[0] > 0 ? PASSED : NOTHING);
    }
}
