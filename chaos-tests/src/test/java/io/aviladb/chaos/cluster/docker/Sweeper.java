package io.aviladb.chaos.cluster.docker;

import com.github.dockerjava.api.DockerClient;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Removes what test runs that died left in Docker: everything that a run makes bears the process that made it and when that began. It stands in
 * for Testcontainers' own reaper, whose image can't be had without a registry.
 */
final class Sweeper {
    static final String OWNER = "io.aviladb.chaos.owner";

    private Sweeper() {
    }

    static Map<String, String> labels() {
        return Map.of(OWNER, owner(ProcessHandle.current()).orElseThrow());
    }

    /** Call before the first container of a run. */
    static void sweep(DockerClient docker) {
        docker.listContainersCmd().withShowAll(true).withLabelFilter(List.of(OWNER)).exec().stream()
                .filter(container -> abandoned(container.getLabels()))
                .forEach(container -> docker.removeContainerCmd(container.getId()).withForce(true).withRemoveVolumes(true).exec());
        docker.listNetworksCmd().withFilter("label", List.of(OWNER)).exec().stream().filter(network -> abandoned(network.getLabels()))
                .forEach(network -> docker.removeNetworkCmd(network.getId()).exec());
    }

    private static boolean abandoned(Map<String, String> labels) {
        String owner = Objects.requireNonNull(labels.get(OWNER));
        long pid = Long.parseLong(owner.substring(0, owner.indexOf(':')));
        return ProcessHandle.of(pid).flatMap(Sweeper::owner).filter(owner::equals).isEmpty();
    }

    private static Optional<String> owner(ProcessHandle process) {
        return process.info().startInstant().map(Instant::toEpochMilli).map(at -> process.pid() + ":" + at);
    }
}
