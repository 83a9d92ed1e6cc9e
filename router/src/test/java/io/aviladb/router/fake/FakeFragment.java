package io.aviladb.router.fake;

import io.aviladb.core.document.Document;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.range.PartitionStrategy;
import io.aviladb.core.version.VersionVector;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.NodeStream;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.query.merge.DocumentSource;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.PartialCodec;
import io.aviladb.query.merge.PartialRun;
import io.aviladb.query.merge.QueryBudget;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;

/** A fragment over a fake region's rows, sent as fast as it is asked for. */
final class FakeFragment implements NodeStream {
    private final Queue<byte[]> frames = new ArrayDeque<>();
    private final NodeStream.Receiver receiver;
    private boolean over;

    FakeFragment(FakeStore store, PartitionStrategy strategy, KeyRange keys, FragmentRequest request, NodeStream.Receiver receiver) {
        this.receiver = receiver;
        Fragment.Ready ready = Fragment.ofBytes(request.fragment()).ready(strategy);
        PartialRun run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), new QueryBudget(QueryBudget.DEFAULT_BYTES));
        long documents = 0;
        long bytes = 0;
        VersionVector seen = VersionVector.EMPTY;
        List<ScanReply.Row> held = new ArrayList<>();
        synchronized (store) {
            for (Map.Entry<DocumentKey, FakeStore.Row> entry : store.rows.entrySet()) {
                boolean inside = keys.contains(entry.getKey()) && request.interval().contains(entry.getKey());
                boolean live = entry.getValue().json().length > 0;
                if (inside && request.held().contains(entry.getKey())) {
                    held.add(live
                            ? ScanReply.Row.live(entry.getKey(), entry.getValue().json(), entry.getValue().vector())
                            : ScanReply.Row.deleted(entry.getKey(), entry.getValue().vector()));
                    continue;
                } else if (!inside || !live) {
                    continue;
                }
                documents++;
                bytes += entry.getValue().json().length;
                seen = seen.join(entry.getValue().vector());
                if (!run.add(new DocumentSource.Entry(entry.getKey(), Document.ofCanonical(entry.getValue().json())))) {
                    break;
                }
            }
            PartialCodec.pieces(run.finish(), 1_000).forEach(piece -> frames.add(new FragmentFrame.Piece(piece).encode()));
            frames.add(new FragmentFrame.Held(held).encode());
            frames.add(new FragmentFrame.End(seen, store.closed(), documents, bytes, 7, run.hasEnough()).encode());
        }
    }

    @Override
    public void request(int credit) {
        for (int left = credit; left > 0 && !over && !frames.isEmpty(); left--) {
            receiver.onFrame(frames.remove());
        }
        if (frames.isEmpty() && !over) {
            over = true;
            receiver.onEnd();
        }
    }

    @Override
    public void cancel() {
        over = true;
    }
}
