package io.aviladb.chaos.cluster.docker;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.InternetProtocol;
import io.aviladb.chaos.cluster.loopback.Rest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.images.builder.Transferable;

/** One service of the compose file as a container, with an address that survives kill and start. */
final class NodeContainer extends GenericContainer<NodeContainer> {
    private static final int PORT = 8000;
    /** Nine of them share two cores and the memory of one machine. */
    private static final Map<String, String> SMALL = Map.of("AVILADB_JVM_OPTS", "-Xmx192m -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    private static final long MEMORY = 640L << 20;
    private static final Duration LONGEST_START = Duration.ofMinutes(6);
    private static final int STOP_SECONDS = 15; // stop_grace_period of the compose file

    private final DockerClient docker = DockerClientFactory.lazyClient();
    private final String address;

    NodeContainer(String image, ComposeFile.Service service, String network, String address) {
        super(image);
        this.address = address;
        withEnv(service.environment());
        withEnv(SMALL);
        withLabels(Sweeper.labels());
        withExposedPorts(PORT);
        service.files().forEach((path, content) -> withCopyToContainer(Transferable.of(content.getBytes(StandardCharsets.UTF_8)), path));
        withCommand(service.command().toArray(String[]::new));
        waitingFor(Wait.forLogMessage(".*READY .*", 1).withStartupTimeout(LONGEST_START));
        withCreateContainerCmdModifier(command -> {
            if (!service.entrypoint().isEmpty()) {
                command.withEntrypoint(service.entrypoint());
            }
            command.withHostName(service.hostname()).withAliases(service.hostname()).withIpv4Address(address);
            Objects.requireNonNull(command.getHostConfig()).withNetworkMode(network).withMemory(MEMORY).withMemorySwap(MEMORY);
        });
    }

    String address() {
        return address;
    }

    /** Docker publishes another port at each start, which {@code getMappedPort} doesn't notice. */
    Rest rest() {
        var bindings = docker.inspectContainerCmd(getContainerId()).exec().getNetworkSettings().getPorts().getBindings();
        String port = Arrays.stream(Objects.requireNonNull(bindings.get(new ExposedPort(PORT, InternetProtocol.TCP))))
                .map(binding -> binding.getHostPortSpec()).findFirst().orElseThrow();
        return new Rest("http://" + getHost() + ":" + port);
    }

    /** As a crash would: no signal can be caught. */
    void killNow() {
        docker.killContainerCmd(getContainerId()).withSignal("KILL").exec();
    }

    void startAgain() {
        docker.startContainerCmd(getContainerId()).exec();
    }

    boolean runs() {
        return Boolean.TRUE.equals(docker.inspectContainerCmd(getContainerId()).exec().getState().getRunning());
    }

    /** @return the process' exit status */
    long stopCleanly() {
        docker.stopContainerCmd(getContainerId()).withTimeout(STOP_SECONDS).exec();
        return Objects.requireNonNull(docker.inspectContainerCmd(getContainerId()).exec().getState().getExitCodeLong());
    }

    long processId() {
        return Objects.requireNonNull(docker.inspectContainerCmd(getContainerId()).exec().getState().getPidLong());
    }

    void remove() {
        if (getContainerId() != null) {
            docker.removeContainerCmd(getContainerId()).withForce(true).withRemoveVolumes(true).exec();
        }
    }
}
