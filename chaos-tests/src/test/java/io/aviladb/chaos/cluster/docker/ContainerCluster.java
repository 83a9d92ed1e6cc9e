package io.aviladb.chaos.cluster.docker;

import static org.awaitility.Awaitility.await;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.Network;
import io.aviladb.chaos.cluster.loopback.ChildProcess;
import io.aviladb.chaos.cluster.loopback.CollectionRest;
import io.aviladb.chaos.cluster.loopback.Repository;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.lifecycle.Startables;

/** The nine services of {@code deploy/src/compose/three-regions.yaml}, on a network of their own. */
final class ContainerCluster implements AutoCloseable {
    private static final String IMAGE = "aviladb:chaos";
    private static final String BASE = System.getProperty("avila.chaos.base", "debian:bookworm-slim");
    private static final String SUBNET = "10.100.7.";
    private static final int PER_REGION = 3;
    private static final Duration LONGEST_BUILD = Duration.ofMinutes(5);
    private static final Duration LONGEST_START = Duration.ofMinutes(8);

    private final DockerClient docker = DockerClientFactory.lazyClient();
    private final List<NodeContainer> nodes = new ArrayList<>();
    private String network = "";

    static ContainerCluster start() throws IOException {
        ContainerCluster cluster = new ContainerCluster();
        try {
            cluster.create();
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void create() throws IOException {
        Sweeper.sweep(docker);
        buildImage();
        network = docker.createNetworkCmd().withName("aviladb-" + ProcessHandle.current().pid()).withLabels(Sweeper.labels())
                .withIpam(new Network.Ipam().withConfig(new Network.Ipam.Config().withSubnet(SUBNET + "0/24"))).exec().getId();
        for (ComposeFile.Service service : ComposeFile.services(Repository.path().resolve("deploy/src/compose/three-regions.yaml"))) {
            nodes.add(new NodeContainer(IMAGE, service, network, SUBNET + (10 + nodes.size())));
        }
        // All at once: a node says READY only when all have come.
        CompletableFuture<Void> started = Startables.deepStart(nodes);
        await().atMost(LONGEST_START).until(started::isDone);
        started.join();
        await().atMost(LONGEST_START).until(() -> nodes.stream().allMatch(ContainerCluster::isReady));
    }

    /** By the script that the distribution brings for machines without a registry. */
    private static void buildImage() {
        Repository.command(List.of()); // the distribution is there, and of these sources
        Path script = Repository.path().resolve("deploy/target/aviladb/image/build.sh");
        try (ChildProcess build = ChildProcess.start("image", List.of(script.toString(), IMAGE, BASE), Repository.folder("image"),
                Map.of())) {
            int status = build.awaitExit(LONGEST_BUILD);
            if (status != 0) {
                throw new IllegalStateException("image/build.sh ended with " + status + ": " + build.output() + build.errors());
            }
        }
    }

    static boolean isReady(NodeContainer node) {
        try {
            return node.runs() && node.rest().tryCall("GET", "/readyz", new byte[0], Map.of(), Duration.ofSeconds(5)).status() == 200;
        } catch (IOException e) {
            return false; // not yet
        }
    }

    List<NodeContainer> nodes() {
        return List.copyOf(nodes);
    }

    /** @param number from 0, in the order of the compose file */
    List<NodeContainer> region(int number) {
        return List.copyOf(nodes.subList(number * PER_REGION, (number + 1) * PER_REGION));
    }

    List<NodeContainer> allBut(List<NodeContainer> some) {
        return nodes.stream().filter(node -> !some.contains(node)).toList();
    }

    /** The collection as the first node of each region serves it: those whose port the compose file publishes. */
    List<CollectionRest> everywhere(String database, String collection) {
        List<CollectionRest> all = new ArrayList<>();
        for (int k = 0; k < nodes.size(); k += PER_REGION) {
            all.add(new CollectionRest(nodes.get(k).rest(), database, collection));
        }
        return all;
    }

    @Override
    public void close() {
        nodes.forEach(NodeContainer::remove);
        if (!network.isEmpty()) {
            docker.removeNetworkCmd(network).exec();
        }
    }
}
