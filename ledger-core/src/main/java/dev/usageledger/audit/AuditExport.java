package dev.usageledger.audit;

import dev.usageledger.audit.AuditFile.Account;
import dev.usageledger.audit.AuditFile.Manifest;
import dev.usageledger.audit.AuditFile.Title;
import dev.usageledger.engine.EventHash;
import dev.usageledger.engine.EventRows;
import dev.usageledger.engine.EventRows.LinkedRow;
import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.organization.Organization;
import dev.usageledger.organization.Organization.Open;
import dev.usageledger.organization.OrganizationId;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Hands out an organization's history in a form that proves itself: {@link AuditCheck} needs nothing else. */
public final class AuditExport {
    private final EventRows events;
    private final SigningKey key;

    public AuditExport(EventRows events, SigningKey key) {
        this.events = events;
        this.key = key;
    }

    /**
     * Writes all events that were recorded from {@code from} on and before {@code to}, with their chain, what they come
     * to, and a signature.
     *
     * @param from {@code null}: from the first event, so that nothing before it has to be taken on trust
     * @param to {@code null}: to the last one there is
     * @param now when the file is made
     * @return whether there is such an organization; nothing is written when there is none
     * @throws BrokenChainException when the history is not as it was recorded; what was written by then is no proof
     */
    public boolean write(
            OrganizationId organizationId, @Nullable Instant from, @Nullable Instant to, Instant now, OutputStream out)
            throws IOException {
        var writing = new Writing(organizationId, from, to, new SignedLines.Writer(out, key));
        try {
            events.forEach(organizationId.value(), writing::accept);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return writing.end(now);
    }

    private static final class Writing {
        private final OrganizationId organizationId;
        private final @Nullable Instant from;
        private final @Nullable Instant to;
        private final SignedLines.Writer lines;
        private Recomputation numbers = new Recomputation(Organization.NOT_OPENED);
        private EventHash previous = EventHash.NONE;
        private EventHash lastHash = EventHash.NONE;
        private long next;
        private long applied;
        private long written;
        private boolean begun;

        Writing(OrganizationId organizationId, @Nullable Instant from, @Nullable Instant to, SignedLines.Writer lines) {
            this.organizationId = organizationId;
            this.from = from;
            this.to = to;
            this.lines = lines;
        }

        void accept(LinkedRow stored) {
            try {
                requireChain(stored);
                Instant recordedAt = stored.row().recordedAt();
                if (to == null || recordedAt.isBefore(to)) {
                    if (from == null || !recordedAt.isBefore(from)) {
                        begin();
                        lines.raw(AuditFile.line(stored));
                        written++;
                    }
                    numbers.apply(stored.row().event());
                    applied++;
                    lastHash = stored.hash();
                }
                previous = stored.hash();
                next++;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void requireChain(LinkedRow stored) {
            if (stored.sequence() != next || !stored.row().hash(previous).equals(stored.hash())) {
                throw new BrokenChainException(organizationId.value(), next);
            }
        }

        private void begin() throws IOException {
            if (begun) {
                return;
            }
            begun = true;
            Organization before = numbers.organization();
            String state = before instanceof Open open ? OrganizationCodec.json(open) : null;
            lines.line(new Title(
                    AuditFile.FORM,
                    organizationId.value(),
                    from,
                    to,
                    applied,
                    lastHash.toString(),
                    OrganizationCodec.FORMAT,
                    state));
            numbers = new Recomputation(before);
        }

        boolean end(Instant now) throws IOException {
            if (next == 0) {
                return false;
            }
            begin();
            lines.line(new Manifest(
                    new Account(written, lastHash.toString(), now, numbers.statements(), numbers.balance())));
            lines.sign();
            return true;
        }
    }
}
