package io.aviladb.router.edge;

import io.aviladb.core.error.AvilaError;
import io.aviladb.core.error.ErrorCode;
import io.aviladb.core.range.DocumentKey;
import io.aviladb.core.region.RegionId;
import io.aviladb.core.version.Version;
import io.aviladb.core.write.UnitAnswer;
import io.aviladb.router.route.Confirmations;
import io.aviladb.router.route.Deadline;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Names for writes: where the entry is, its version, and the document that it is of; and which regions have such a write by now. */
public final class Receipts {
    private static final int PARTS = 6;
    /** A document's longest key, in base64url, and what stands before it. */
    private static final int MAX_LENGTH = 8_192;

    private final Confirmations confirmations;

    public Receipts(Confirmations confirmations) {
        this.confirmations = confirmations;
    }

    /** A write, by its receipt. */
    public record Receipt(String id, RegionId region, int group, long term, long index, Version version, DocumentKey key) {}

    /** @param have regions that have the write on a majority's disks; the others don't, or can't be asked now */
    public record State(Receipt receipt, List<RegionId> have, List<RegionId> others) {}

    public static String id(RegionId region, UnitAnswer.Committed unit, DocumentKey key) {
        return region + "." + unit.group() + "." + unit.term() + "." + unit.index() + "." + unit.version() + "."
                + Base64.getUrlEncoder().withoutPadding().encodeToString(key.bytes());
    }

    /** @throws AvilaError where no write of this cluster has had it */
    public static Receipt parse(String id) {
        String[] parts = id.length() > MAX_LENGTH ? new String[0] : id.split("\\.", -1);
        if (parts.length == PARTS) {
            try {
                return new Receipt(id, new RegionId(parts[0]), Integer.parseInt(parts[1]), Long.parseLong(parts[2]),
                        Long.parseLong(parts[3]),
                        Version.parse(parts[4]), new DocumentKey(Base64.getUrlDecoder().decode(parts[5])));
            } catch (IllegalArgumentException malformed) {
                // told below
            }
        }
        throw new AvilaError(ErrorCode.MALFORMED_REQUEST, "this is no receipt; a write's answer has it in receipt.id");
    }

    /** Which regions have the write by now; one that doesn't is waited for until the deadline. */
    public CompletableFuture<State> state(String id, Deadline deadline) {
        Receipt receipt = parse(id);
        List<RegionId> regions = confirmations.regions();
        if (!regions.contains(receipt.region())) {
            throw new AvilaError(ErrorCode.UNKNOWN_REGION, "the cluster has no region '" + receipt.region() + "'");
        }
        List<CompletableFuture<Boolean>> asked = regions.stream().map(
                region -> confirmations.has(receipt.key(), receipt.version(), region, deadline).exceptionally(unreachable -> false))
                .toList();
        return CompletableFuture.allOf(asked.toArray(new CompletableFuture<?>[0])).thenApply(done -> {
            List<RegionId> have = new ArrayList<>();
            List<RegionId> others = new ArrayList<>();
            for (int i = 0; i < regions.size(); i++) {
                (asked.get(i).join() ? have : others).add(regions.get(i));
            }
            return new State(receipt, have, others);
        });
    }
}
