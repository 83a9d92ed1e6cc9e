package io.aviladb.testkit;

import io.aviladb.cli.dev.EmbeddedCluster;
import io.aviladb.client.AvilaClient;
import io.aviladb.core.region.RegionId;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.platform.commons.support.AnnotationSupport;

/** Runs the cluster of {@link AvilaCluster}. A class's store keeps it, which nested classes see, and closes it behind the last test. */
final class AvilaClusterExtension implements BeforeAllCallback, ParameterResolver {
    private static final ExtensionContext.Namespace NAMESPACE = ExtensionContext.Namespace.create(AvilaClusterExtension.class);

    @Override
    public void beforeAll(ExtensionContext context) throws IOException, InterruptedException {
        ExtensionContext.Store store = context.getStore(NAMESPACE);
        if (store.get(TestCluster.class) == null) { // else an enclosing class has started it
            store.put(TestCluster.class, start(annotation(context)));
        }
    }

    private static AvilaCluster annotation(ExtensionContext context) {
        return AnnotationSupport.findAnnotation(context.getRequiredTestClass(), AvilaCluster.class, context.getEnclosingTestClasses())
                .orElseThrow(() -> new ExtensionConfigurationException("@AvilaCluster is missing on " + context.getRequiredTestClass()));
    }

    private static TestCluster start(AvilaCluster asked) throws IOException, InterruptedException {
        List<RegionId> all = EmbeddedCluster.defaultRegions();
        if (asked.regions() < 1 || asked.regions() > all.size()) {
            throw new ExtensionConfigurationException("@AvilaCluster: regions is 1 to " + all.size() + ", not " + asked.regions());
        }
        if (asked.nodesPerRegion() < 1 || asked.nodesPerRegion() > 9) {
            throw new ExtensionConfigurationException("@AvilaCluster: nodesPerRegion is 1 to 9, not " + asked.nodesPerRegion());
        }
        return new TestCluster(EmbeddedCluster.start(all.subList(0, asked.regions()), asked.nodesPerRegion(),
                Files.createTempDirectory("aviladb-test-"), Duration.ofSeconds(asked.startSeconds())));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        Class<?> type = parameter.getParameter().getType();
        return type == TestCluster.class || type == AvilaClient.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        @Nullable
        TestCluster cluster = context.getStore(NAMESPACE).get(TestCluster.class, TestCluster.class);
        TestCluster running = Objects.requireNonNull(cluster, "no cluster was started");
        return parameter.getParameter().getType() == TestCluster.class ? running : running.client(running.regions().get(0));
    }
}
