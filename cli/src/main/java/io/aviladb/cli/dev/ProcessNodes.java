package io.aviladb.cli.dev;

import io.aviladb.cli.CommandFailure;
import io.aviladb.core.region.NodeId;
import io.aviladb.node.server.ClusterLayout;
import io.aviladb.node.server.NodeLimits;
import io.aviladb.proto.node.FaultSet;
import io.aviladb.proto.node.FaultTable;
import io.aviladb.proto.node.GrpcConnector;
import io.aviladb.proto.node.NodeConnector;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** One process for each node, running {@code aviladb node}. They end with this process. */
final class ProcessNodes implements DevNodes {
    private static final long START_SECONDS = 300; // nine of them may share two busy cores
    private static final long STOP_SECONDS = 6;
    private static final long FAULTS_SECONDS = 5;
    /** Nine of them have to fit beside a developer's other work. */
    private static final List<String> JVM_OPTIONS = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
            "-XX:+ExitOnOutOfMemoryError");

    private final DevPlan plan;
    private final Path data;
    private final FaultTable table;
    private final GrpcConnector grpc = new GrpcConnector();
    private final ConcurrentHashMap<NodeId, Process> processes = new ConcurrentHashMap<>();

    ProcessNodes(DevPlan plan, Path data, FaultTable table) {
        this.plan = plan;
        this.data = data;
        this.table = table;
    }

    @Override
    public void start(NodeId id) {
        try {
            Path folder = plan.folderOf(data, id);
            Files.createDirectories(folder);
            plan.layout().store(folder);
            Path config = folder.resolve("node.yaml");
            Files.writeString(config, yaml(plan.node(id), folder));
            Process process = new ProcessBuilder(command(config)).redirectErrorStream(false)
                    .redirectError(folder.resolve("stderr.txt").toFile()).start();
            process.getOutputStream().close();
            processes.put(id, process);
            awaitReady(id, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> command(Path config) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--sun-misc-unsafe-memory-access=allow");
        command.add("-Dcom.linecorp.armeria.warnNettyVersions=false");
        command.addAll(JVM_OPTIONS);
        String classPath = System.getProperty("java.class.path", "");
        boolean jar = classPath.endsWith(".jar") && !classPath.contains(System.getProperty("path.separator", ":"));
        if (jar) {
            command.addAll(List.of("-jar", classPath)); // its manifest opens what libraries need
        } else {
            command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED",
                    "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED", "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                    "--add-exports=jdk.compiler/com.sun.tools.javac.file=ALL-UNNAMED",
                    "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED", "-cp", classPath, "io.aviladb.cli.Main"));
        }
        command.addAll(List.of("node", "--config", config.toString(), "--parent", Long.toString(ProcessHandle.current().pid())));
        return command;
    }

    private String yaml(ClusterLayout.Node node, Path folder) {
        return String.join("\n", "# Written by 'aviladb dev --processes' at each start.", "cluster: " + plan.layout().name(),
                "region: " + node.node().region(), "node: " + node.node().ordinal(), "data: '" + folder.toString().replace("'", "''") + "'",
                "listen:", "  host: " + DevPlan.HOST, "  client: " + DevPlan.port(node.endpoint()),
                "  rpc: " + DevPlan.port(node.rpcAddress()),
                "  raft: " + DevPlan.port(node.raftAddress()), "faults: true", "limits:",
                "  min-free-bytes: " + NodeLimits.DEV.minFreeBytes(),
                "  block-cache-bytes: " + NodeLimits.DEV.engine().blockCacheBytes() / 4,
                "  write-buffer-bytes: " + NodeLimits.DEV.engine().writeBufferBytes() / 4,
                "  head-table-bytes: " + NodeLimits.DEV.engine().headTableBytes() / 4, "");
    }

    /** A node says READY when it serves; what it prints afterwards is read and dropped, so that it never waits for a reader. */
    private void awaitReady(NodeId id, Process process) throws IOException {
        Thread watchdog = Thread.ofVirtual().start(() -> {
            try {
                if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException started) {
                Thread.currentThread().interrupt();
            }
        });
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        for (String line = out.readLine(); line != null; line = out.readLine()) {
            if (line.startsWith("READY ")) {
                watchdog.interrupt();
                drained(out, id.toString());
                return;
            }
        }
        processes.remove(id);
        Path errors = plan.folderOf(data, id).resolve("stderr.txt");
        String said = Files.exists(errors) ? Files.readString(errors).strip() : "";
        String why = said.isEmpty() ? "it said nothing, and has at most " + START_SECONDS + " s" : said;
        throw CommandFailure.failed("the process of " + id + " did not start: " + why, "Its log is in "
                + plan.folderOf(data, id).resolve("logs"));
    }

    /**
     * Reads on until the process ends, so that it never waits for a reader. On a thread of its own: a read of a pipe holds a virtual thread's carrier, and a few
     * of these would leave none for others.
     */
    static Thread drained(BufferedReader out, String name) {
        return Thread.ofPlatform().daemon().name("output-" + name).start(() -> drain(out));
    }

    private static void drain(BufferedReader out) {
        try {
            while (out.readLine() != null) {
                continue;
            }
        } catch (IOException gone) {
            return; // with the process
        }
    }

    @Override
    public void kill(NodeId id) {
        Process process = processes.get(id);
        if (process != null) {
            process.destroyForcibly();
            process.onExit().join();
            processes.remove(id, process);
        }
    }

    @Override
    public boolean isRunning(NodeId id) {
        Process process = processes.get(id);
        return process != null && process.isAlive();
    }

    @Override
    public long pid(NodeId id) {
        Process process = processes.get(id);
        return process == null ? 0 : process.pid();
    }

    @Override
    public NodeConnector connector() {
        return grpc;
    }

    /** A node that doesn't take them in time is down, and gets them when it is started again. */
    @Override
    public void play(FaultSet now) {
        table.replace(now);
        List<Thread> telling = new ArrayList<>();
        for (ClusterLayout.Node node : plan.layout().nodes()) {
            if (isRunning(node.node())) {
                telling.add(Thread.ofVirtual().start(() -> grpc.connect(node.node(), node.rpcAddress()).setFaults(now)
                        .orTimeout(FAULTS_SECONDS, TimeUnit.SECONDS).exceptionally(down -> now).join()));
            }
        }
        Routers.join(telling);
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroy);
        for (Process process : processes.values()) {
            try {
                if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
        grpc.close();
    }
}
