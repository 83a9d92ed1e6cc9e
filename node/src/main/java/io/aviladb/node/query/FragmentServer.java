package io.aviladb.node.query;

import io.aviladb.core.consistency.ReadConsistency;
import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeRefusal;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.QueryMemory;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/** Takes fragments on, as many as the node has room for. */
public final class FragmentServer {
    /** Fragments that run or wait at one time. More are refused: each holds a state of its group, and with it what is to be disposed of. */
    static final int MAX_OPEN = 256;

    private final Executor executor;
    private final LongSupplier nanoTime;
    private final QueryMemory memory;
    private final AtomicInteger open = new AtomicInteger();

    /**
     * @param executor where documents are read and rows computed: its threads wait for the disk
     * @param nanoTime monotonic
     */
    public FragmentServer(Executor executor, LongSupplier nanoTime, QueryMemory memory) {
        this.executor = executor;
        this.nanoTime = nanoTime;
        this.memory = memory;
    }

    /** @throws NodeRefusal where the fragment is of another version, or too many are open */
    public NodeStream open(GroupReader reader, byte[] payload, NodeStream.Receiver receiver) {
        FragmentRequest request = FragmentRequest.decode(payload);
        Fragment fragment;
        try {
            fragment = Fragment.ofBytes(request.fragment());
        } catch (AvilaError error) {
            throw NodeRefusal.of(error);
        }
        if (request.terms().consistency() == ReadConsistency.SNAPSHOT) {
            throw NodeRefusal.of(ErrorCode.FRAGMENT_UNSUPPORTED, "fragments read the present");
        }
        if (open.incrementAndGet() > MAX_OPEN) {
            open.decrementAndGet();
            throw NodeRefusal.of(ErrorCode.OVERLOADED, MAX_OPEN + " fragments of queries run at this node");
        }
        FragmentTask task = new FragmentTask(reader, request, fragment, receiver, executor, nanoTime, memory, open::decrementAndGet);
        task.start();
        return task;
    }

    /** Fragments that run or wait. */
    public int openFragments() {
        return open.get();
    }
}
