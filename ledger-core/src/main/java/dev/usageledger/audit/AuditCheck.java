package dev.usageledger.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.usageledger.audit.AuditFile.Account;
import dev.usageledger.audit.AuditFile.Manifest;
import dev.usageledger.audit.AuditFile.Title;
import dev.usageledger.engine.EventHash;
import dev.usageledger.engine.EventRows.LinkedRow;
import dev.usageledger.engine.OrganizationCodec;
import dev.usageledger.organization.Organization;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Checks a file that {@link AuditExport} wrote, with no database and nothing but the file: that it is as it was signed,
 * that each event follows from the one before it, and that statements and balance are what the rules make of the events.
 */
public final class AuditCheck {
    private @Nullable Title title;
    private @Nullable Recomputation numbers;
    private @Nullable Account account;
    private EventHash previous = EventHash.NONE;
    private long events;

    private AuditCheck() {}

    /**
     * What a sound file says.
     *
     * @param from {@code null} when it begins with the organization's first event
     * @param to events before it are in the file; {@code null} when all were that there were
     * @param exportedAt when it was made
     * @param signedBy to be compared with the key that one was given
     */
    public record Result(
            String organizationId,
            @Nullable Instant from,
            @Nullable Instant to,
            long events,
            Instant exportedAt,
            VerifyingKey signedBy,
            List<PeriodStatement> statements,
            @Nullable ClosingBalance balance) {}

    /**
     * Reads a whole file.
     *
     * @throws AuditFailedException when anything is wrong with it; the message says what and where
     */
    public static Result of(BufferedReader file) throws IOException {
        var check = new AuditCheck();
        try {
            VerifyingKey signer = SignedLines.read(file, check::line);
            return check.result(signer);
        } catch (AuditFailedException e) {
            throw e;
        } catch (BrokenSignatureException e) {
            throw new AuditFailedException(String.valueOf(e.getMessage()));
        } catch (JsonProcessingException | CharacterCodingException | RuntimeException e) {
            // Whatever a file that somebody has changed leads to, it proves nothing.
            throw new AuditFailedException("it cannot be read at or behind event %d: %s".formatted(check.next(), e));
        }
    }

    private void line(String line) throws IOException {
        if (title == null) {
            begin(AuditJson.read(line, Title.class));
        } else if (account != null) {
            throw new AuditFailedException("there is something between the manifest and the signature");
        } else if (AuditFile.isEvent(line)) {
            event(AuditFile.event(title.organizationId(), line));
        } else {
            account = AuditJson.read(line, Manifest.class).manifest();
        }
    }

    private void begin(Title found) {
        if (!AuditFile.FORM.equals(found.form())) {
            throw new AuditFailedException("it is no audit file of a form that this version knows");
        }
        title = found;
        previous = EventHash.of(found.previousHash());
        numbers = new Recomputation(before(found));
        if (found.state() == null && (found.firstSequence() != 0 || !previous.equals(EventHash.NONE))) {
            throw new AuditFailedException(
                    "it does not begin with the first event, and says nothing of what was before");
        }
    }

    private static Organization before(Title title) {
        if (title.state() == null) {
            return Organization.NOT_OPENED;
        }
        if (title.stateFormat() != OrganizationCodec.FORMAT) {
            throw new AuditFailedException(
                    "it begins with a state in format %d, and this version reads %d; check it with the version that wrote it"
                            .formatted(title.stateFormat(), OrganizationCodec.FORMAT));
        }
        return OrganizationCodec.organization(title.state());
    }

    private void event(LinkedRow stored) {
        if (stored.sequence() != next()) {
            throw new AuditFailedException("event %d is missing".formatted(next()));
        }
        if (!stored.row().hash(previous).equals(stored.hash())) {
            throw new AuditFailedException("event %d is not as it was recorded".formatted(next()));
        }
        if (numbers != null) {
            numbers.apply(stored.row().event());
        }
        previous = stored.hash();
        events++;
    }

    private long next() {
        return title == null ? 0 : title.firstSequence() + events;
    }

    private Result result(VerifyingKey signer) {
        if (title == null || account == null || numbers == null) {
            throw new AuditFailedException("its end is missing");
        }
        if (account.events() != events || !account.lastHash().equals(previous.toString())) {
            throw new AuditFailedException("it ends with event %d, which is not the last".formatted(next() - 1));
        }
        if (!account.statements().equals(numbers.statements())) {
            throw new AuditFailedException("its statements are not what its events come to");
        }
        if (!Objects.equals(account.balance(), numbers.balance())) {
            throw new AuditFailedException("its balance is not what its events come to");
        }
        return new Result(
                title.organizationId(),
                title.from(),
                title.to(),
                events,
                account.exportedAt(),
                signer,
                account.statements(),
                account.balance());
    }
}
