package dev.usageledger.audit;

import dev.usageledger.audit.Finding.Kind;
import dev.usageledger.audit.SignedHeads.Signed;
import dev.usageledger.engine.EventHash;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.EventRows.Head;
import dev.usageledger.engine.EventRows.LinkedRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether all events are as they were recorded. It follows each organization's chain from its first event, compares it
 * with the heads that were signed, and names the first event of each organization that is not as it was.
 *
 * <p>It finds every change, omission and exchange within a chain by itself; that the end of a chain is missing, or all of
 * it was written anew, it finds up to the newest signed head. Events behind that one can have been cut off unseen.
 */
public final class ChainVerification {
    private final EventRows events;
    private final SignedHeads heads;
    private final @Nullable VerifyingKey key;

    /** @param key what the heads are signed with; {@code null} when none have ever been signed */
    public ChainVerification(EventRows events, SignedHeads heads, @Nullable VerifyingKey key) {
        this.events = events;
        this.heads = heads;
        this.key = key;
    }

    /**
     * What came of it.
     *
     * @param findings the first of each organization, by organization
     * @param signed the signed heads that the events were compared with
     * @param unsigned events that are newer than the newest signed head of their organization
     */
    public record Report(long organizations, long events, long unsigned, Signed signed, List<Finding> findings) {
        /** Whether nothing was found, in the events and in the files of the signed heads. */
        public boolean isSound() {
            return findings.isEmpty() && signed.faults().isEmpty();
        }
    }

    /**
     * Verifies the whole ledger.
     *
     * @param progress told now and then how many events have been read
     */
    public Report all(LongConsumer progress) {
        Signed signed = signed();
        var walk = new Walk(signed.heads());
        events.forEach(row -> {
            walk.accept(row);
            if (walk.events % 10_000 == 0) {
                progress.accept(walk.events);
            }
        });
        return walk.report(signed);
    }

    /** Verifies one organization. */
    public Report of(String organizationId) {
        Signed signed = signed();
        Head head = signed.heads().get(organizationId);
        var walk = new Walk(head == null ? Map.of() : Map.of(organizationId, head));
        events.forEach(organizationId, walk::accept);
        return walk.report(signed);
    }

    private Signed signed() {
        return key == null ? Signed.NOTHING : heads.read(key);
    }

    /** Follows one chain after the other. */
    private final class Walk {
        private final Map<String, Head> unseen;
        private final List<Finding> findings = new ArrayList<>();
        private long organizations;
        private long events;
        private long unsigned;
        private @Nullable Chain chain;

        Walk(Map<String, Head> heads) {
            this.unseen = new HashMap<>(heads);
        }

        void accept(LinkedRow row) {
            Chain current = chain;
            if (current == null || !current.organizationId.equals(row.organizationId())) {
                end();
                current = new Chain(row.organizationId(), unseen.remove(row.organizationId()));
                chain = current;
                organizations++;
            }
            events++;
            current.accept(row);
        }

        private void end() {
            if (chain != null) {
                Finding finding = chain.finding();
                if (finding != null) {
                    findings.add(finding.kind() == Kind.REWRITTEN ? placed(finding) : finding);
                }
                unsigned += chain.unsigned;
            }
        }

        Report report(Signed signed) {
            end();
            unseen.forEach((id, head) -> findings.add(new Finding(
                    id, 0, Kind.MISSING, "all its events are missing, up to %d at least".formatted(head.sequence()))));
            findings.sort(Comparator.comparing(Finding::organizationId));
            return new Report(organizations, events, unsigned, signed, List.copyOf(findings));
        }
    }

    /** Looks for the first of all signed heads that the chain does not have: whatever is wrong begins behind the one before. */
    private Finding placed(Finding rewritten) {
        String id = rewritten.organizationId();
        Map<Long, EventHash> stored = new HashMap<>();
        List<Head> signed = key == null ? List.of() : heads.of(id, key);
        signed.forEach(head -> stored.put(head.sequence(), EventHash.NONE));
        events.forEach(id, row -> stored.computeIfPresent(row.sequence(), (sequence, none) -> row.hash()));
        long from = 0;
        for (Head head : signed) {
            if (!Objects.equals(head.hash(), stored.get(head.sequence()))) {
                return new Finding(
                        id,
                        from,
                        Kind.REWRITTEN,
                        from == head.sequence()
                                ? "it is not the one that was signed"
                                : "from here to %d at the latest, events are not those whose head was signed"
                                        .formatted(head.sequence()));
            }
            from = head.sequence() + 1;
        }
        return rewritten;
    }

    /** One organization's events, until the first that is not as it was. */
    private static final class Chain {
        private final String organizationId;
        private final @Nullable Head head;
        private long next;
        private long position;
        private long unsigned;
        private EventHash previous = EventHash.NONE;
        private @Nullable Finding found;

        Chain(String organizationId, @Nullable Head head) {
            this.organizationId = organizationId;
            this.head = head;
        }

        void accept(LinkedRow row) {
            if (found == null) {
                found = fault(row);
            }
            if (head == null || row.sequence() > head.sequence()) {
                unsigned++;
            }
            next = row.sequence() + 1;
            position = row.position();
            previous = row.hash();
        }

        private @Nullable Finding fault(LinkedRow row) {
            if (row.sequence() != next) {
                return missing(row.sequence() - 1);
            }
            if (!row.row().hash(previous).equals(row.hash())) {
                return new Finding(
                        organizationId,
                        next,
                        Kind.CHANGED,
                        next == 0
                                ? "what it says is not what was hashed"
                                : "what it says behind event %d is not what was hashed".formatted(next - 1));
            }
            if (row.position() <= position) {
                return new Finding(
                        organizationId,
                        next,
                        Kind.MISPLACED,
                        "its position %d is not behind %d, that of event %d"
                                .formatted(row.position(), position, next - 1));
            }
            if (head != null && head.sequence() == next && !head.hash().equals(row.hash())) {
                return new Finding(organizationId, next, Kind.REWRITTEN, "it is not the one that was signed");
            }
            return null;
        }

        /** The first fault, when all events have been seen. */
        @Nullable
        Finding finding() {
            return found == null && head != null && head.sequence() >= next ? missing(head.sequence()) : found;
        }

        private Finding missing(long last) {
            return new Finding(
                    organizationId,
                    next,
                    Kind.MISSING,
                    next == last ? "it is missing" : "it is missing, and so are all to %d".formatted(last));
        }
    }
}
