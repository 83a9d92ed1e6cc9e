package io.aviladb.node.server;

import io.aviladb.core.region.NodeId;
import io.aviladb.node.catalog.CatalogMachine;
import io.aviladb.node.consensus.GroupDescriptor;
import io.aviladb.node.consensus.RaftGroup;
import io.aviladb.node.consensus.ReplicatedState;
import io.aviladb.node.consensus.ratis.RatisServer;
import io.aviladb.node.controller.ControllerMachine;
import io.aviladb.node.controller.Members;
import io.aviladb.node.group.DataGroup;
import io.aviladb.node.range.RangeMachine;
import io.aviladb.storage.engine.SharedEngine;
import java.io.IOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens this node's replicas and closes them, so that they are those of the {@link Registry}. What a group's move asks for is opened on request, since
 * the newcomer must be there before Raft takes it in; what the registry has at another node is closed here, with its files.
 */
final class Replicas {
    private static final Logger log = LoggerFactory.getLogger(Replicas.class);

    private final NodeId self;
    private final NodeGroups groups;
    private final Registry registry;
    private final RatisServer raft;
    private final SharedEngine engine;
    private final List<Integer> formedDataGroups;
    private final Function data;
    private volatile Consumer<RaftGroup> onOpen = opened -> {};

    /** Makes a data group's replica of its log and its machine. */
    interface Function extends BiFunction<RaftGroup, RangeMachine, DataGroup> {
    }

    /** Makes the machine of a data group. */
    interface Machines {
        RangeMachine make(int group);
    }

    private final Machines machines;

    Replicas(NodeId self, NodeGroups groups, Registry registry, RatisServer raft, SharedEngine engine, List<Integer> formedDataGroups,
            Machines machines, Function data) {
        this.self = self;
        this.groups = groups;
        this.registry = registry;
        this.raft = raft;
        this.engine = engine;
        this.formedDataGroups = formedDataGroups;
        this.machines = machines;
        this.data = data;
    }

    /** @param listener hears of every replica that is opened from here on */
    void onOpen(Consumer<RaftGroup> listener) {
        onOpen = listener;
    }

    /** Opens those that the registry has here. */
    void openAll() throws IOException {
        for (GroupDescriptor group : registry.members().groups()) {
            if (group.has(self)) {
                open(group);
            }
        }
    }

    /** A newcomer's group is opened without it: until Raft takes it in, it holds no elections. */
    private void open(GroupDescriptor placed) throws IOException {
        GroupDescriptor whole = registry.whole(placed);
        GroupDescriptor first = !registry.isNewcomer(placed.number())
                ? whole
                : new GroupDescriptor(whole.number(), whole.kind(),
                        whole.members().stream().filter(member -> !member.node().equals(self)).toList(), whole.preferredLeader(),
                        whole.version());
        RaftGroup opened = switch (placed.kind()) {
            case CATALOG -> {
                CatalogMachine machine = new CatalogMachine(engine);
                NodeGroups.Replica<CatalogMachine> replica = new NodeGroups.Replica<>(open(first, machine), machine);
                groups.addCatalog(replica);
                yield replica.raft();
            }
            case CONTROLLER -> {
                ControllerMachine machine = new ControllerMachine(engine, formedDataGroups);
                NodeGroups.Replica<ControllerMachine> replica = new NodeGroups.Replica<>(open(first, machine), machine);
                groups.addController(replica);
                yield replica.raft();
            }
            case DATA -> {
                RangeMachine machine = machines.make(placed.number());
                DataGroup group = data.apply(open(first, machine), machine);
                groups.addData(group);
                yield group.raft();
            }
        };
        opened.describe(whole);
        onOpen.accept(opened);
    }

    private RaftGroup open(GroupDescriptor descriptor, ReplicatedState machine) throws IOException {
        return raft.open(descriptor, machine);
    }

    /**
     * Opens a replica that a move asks for; nothing where it is here, or where the registry knows better by now.
     *
     * @param founded whether all of the group's replicas begin now
     */
    synchronized void openFor(GroupDescriptor placed, boolean founded) throws IOException {
        if (groups.raft(placed.number()).isPresent()
                || registry.members().group(placed.number()).stream().anyMatch(known -> known.version() > placed.version())) {
            return;
        }
        registry.newcomer(placed.number(), !founded);
        open(placed);
        log.atInfo().addKeyValue("group", placed.number()).addKeyValue("founded", founded).log("Replica opened");
    }

    /** Closes what isn't this node's any more, and tells the others how their groups are placed now. */
    synchronized void align() {
        Members members = registry.members();
        for (RaftGroup group : groups.rafts()) {
            int number = group.descriptor().number();
            if (!members.isPlaced(self, number)) {
                close(number);
                continue;
            }
            members.group(number).filter(placed -> placed.version() > group.descriptor().version())
                    .ifPresent(placed -> group.describe(registry.whole(placed)));
        }
    }

    private void close(int number) {
        groups.remove(number);
        try {
            raft.remove(number);
            registry.newcomer(number, false);
            log.atInfo().addKeyValue("group", number).log("Replica closed: it is at another node now");
        } catch (IOException e) {
            log.atWarn().setCause(e).addKeyValue("group", number).log("A replica that moved away couldn't be removed wholly");
        }
    }
}
