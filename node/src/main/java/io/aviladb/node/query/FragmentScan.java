package io.aviladb.node.query;

import io.aviladb.core.catalog.IndexDefinition;
import io.aviladb.core.document.Document;
import io.aviladb.core.document.JsonObject;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.range.KeyRange;
import io.aviladb.core.version.VersionVector;
import io.aviladb.node.range.Expiries;
import io.aviladb.node.range.OwnedRange;
import io.aviladb.node.read.GroupReader;
import io.aviladb.proto.node.FragmentFrame;
import io.aviladb.proto.node.FragmentRequest;
import io.aviladb.proto.node.ScanReply;
import io.aviladb.query.merge.DocumentSource;
import io.aviladb.query.merge.Fragment;
import io.aviladb.query.merge.IndexWalk;
import io.aviladb.query.merge.Partial;
import io.aviladb.query.merge.PartialRun;
import io.aviladb.query.merge.QueryBudget;
import io.aviladb.query.merge.QueryMemory;
import io.aviladb.query.plan.IndexAccess;
import io.aviladb.storage.ReadView;
import io.aviladb.storage.head.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A fragment's way through the documents of its interval, in one state of the group. One thread at a time. */
final class FragmentScan implements AutoCloseable {
    /** A slice ends after this time or so many keys, whichever is first; others wait no longer than that for each that is before them. */
    private static final long SLICE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    private static final int SLICE_KEYS = 4_096;
    /** How often the clock is read: each so many keys. */
    private static final int CLOCK_KEYS = 16;
    /** Stands for a document that nothing looks into. */
    private static final Document UNREAD = Document.of(JsonObject.EMPTY);

    private final OwnedRange range;
    private final ReadView view;
    private final Optional<KeyRange> interval;
    private final boolean readsDocument;
    private final PartialRun run;
    private final QueryBudget budget;
    private final LongSupplier nanoTime;
    private final Set<DocumentKey> held;
    private final List<ScanReply.Row> heldRows = new ArrayList<>();
    private final @Nullable IndexWalk walk;
    private VersionVector seen;
    private @Nullable DocumentKey after;
    private long documents;
    private long bytes;

    private FragmentScan(GroupReader.Opened opened, FragmentRequest request, Fragment.Ready ready, Optional<IndexAccess> index,
            LongSupplier nanoTime, QueryMemory memory) {
        this.range = opened.range();
        this.view = opened.view();
        this.interval = range.keys().intersect(request.interval());
        this.readsDocument = ready.plan().readsDocument();
        this.budget = new QueryBudget(QueryBudget.DEFAULT_BYTES, memory);
        Optional<List<IndexAccess.Interval>> entries = index
                .flatMap(access -> access.intervals(range.collection().id(), ready.bindings()));
        this.run = new PartialRun(ready.plan(), ready.bindings(), ready.page(), budget, entries.isEmpty());
        this.walk = entries.isEmpty() ? null : new IndexWalk(index.orElseThrow(), ready, entries.get(), run);
        this.nanoTime = nanoTime;
        this.held = Set.copyOf(request.held());
        // Through an index, documents that don't match are never met: what makes them so is all that the state holds.
        this.seen = entries.isPresent() ? opened.state() : interval.map(range::forgotten).orElse(VersionVector.EMPTY);
    }

    /** Blocks on the disk, as {@link #slice} does. */
    static FragmentScan open(GroupReader reader, FragmentRequest request, Fragment fragment, LongSupplier nanoTime, QueryMemory memory) {
        GroupReader.Opened opened = reader.open(request.range());
        try {
            Fragment.Ready ready = fragment.ready(opened.range().collection().strategy());
            List<IndexDefinition> whole = opened.range().collection().indexes().list().stream()
                    .filter(one -> opened.range().builds().isReady(one.id())).toList();
            return new FragmentScan(opened, request, ready, fragment.index(ready, whole), nanoTime, memory);
        } catch (RuntimeException e) {
            opened.view().close();
            throw e;
        }
    }

    /** @return whether all has been read that can matter */
    boolean slice() {
        if (interval.isEmpty()) {
            return true;
        }
        Slice slice = new Slice();
        IndexWalk through = walk;
        if (through != null) {
            throughIndex(through, interval.get(), slice);
            if (!slice.isOver) {
                held.stream().filter(interval.get()::contains).sorted().forEach(this::holdHead);
            }
            return !slice.isOver;
        }
        view.scanHeads(interval.get(), after, (key, head) -> {
            if (slice.endsBeforeNext()) {
                return false;
            }
            after = key;
            return add(key, head);
        });
        return !slice.isOver;
    }

    private void throughIndex(IndexWalk through, KeyRange documentKeys, Slice slice) {
        for (Optional<KeyRange> rest = through.rest(); rest.isPresent() && !slice.isOver; rest = through.rest()) {
            boolean[] left = {true}; // until an entry isn't wanted, or the slice is over
            Predicate<byte[]> visitor = entry -> {
                left[0] = !slice.endsBeforeNext()
                        && through.visit(entry, key -> !documentKeys.contains(key) || held.contains(key) || read(key));
                return left[0];
            };
            if (through.backwards()) {
                view.scanIndexBackwards(rest.get(), visitor);
            } else {
                view.scanIndex(rest.get(), visitor);
            }
            if (left[0]) {
                through.intervalOver();
            }
        }
    }

    private boolean read(DocumentKey key) {
        Head head = view.head(key);
        if (head == null || head.deleted()) {
            throw new IllegalStateException("an index of range " + range.ref() + " has an entry of " + key + ", which isn't there");
        }
        return add(key, head);
    }

    private void holdHead(DocumentKey key) {
        Head head = view.head(key);
        if (head != null) {
            hold(key, head);
        }
    }

    /** How much more one slice may do. */
    private final class Slice {
        private final long until = nanoTime.getAsLong() + SLICE_NANOS;
        private int keys;
        private boolean isOver;

        boolean endsBeforeNext() {
            keys++;
            isOver |= keys > SLICE_KEYS || keys % CLOCK_KEYS == 0 && nanoTime.getAsLong() - until > 0;
            return isOver;
        }
    }

    private boolean add(DocumentKey key, Head head) {
        if (!seen.covers(head.vector())) {
            seen = seen.join(head.vector());
        }
        if (!held.isEmpty() && held.contains(key)) {
            hold(key, head);
            return true;
        } else if (isGone(head)) {
            return true;
        }
        documents++;
        Document document = UNREAD;
        if (readsDocument) {
            document = GroupReader.document(view, key, head, range);
            bytes += document.sizeBytes();
        }
        return run.add(new DocumentSource.Entry(key, document));
    }

    /** Deleted, or over in the state that the view has. */
    private boolean isGone(Head head) {
        return head.deleted() || Expiries.isOver(head, view.applied().stamp());
    }

    private void hold(DocumentKey key, Head head) {
        boolean gone = isGone(head);
        byte[] json = gone || !readsDocument ? new byte[0] : GroupReader.document(view, key, head, range).json();
        budget.take("Merge", 200 + json.length);
        heldRows.add(gone ? ScanReply.Row.deleted(key, head.vector()) : ScanReply.Row.live(key, json, head.vector()));
    }

    /** What the run left out, as it is here. */
    List<ScanReply.Row> held() {
        return heldRows;
    }

    long documents() {
        return documents;
    }

    Partial result() {
        return run.finish();
    }

    FragmentFrame.End end(long micros) {
        return new FragmentFrame.End(seen, view.applied().stamp(), documents, bytes, micros, run.hasEnough());
    }

    @Override
    public void close() {
        view.close();
        budget.close();
    }
}
