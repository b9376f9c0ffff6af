package dev.usageledger.api.http.answer;

import dev.usageledger.engine.Answer.Done;
import dev.usageledger.organization.OrganizationEvent;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a command that is in the ledger.
 *
 * @param entry what it came to; {@code null} where there was nothing to do
 * @param usage how the organization stands now
 * @param position a list that is asked for {@code atLeast} this position has it
 * @param replayed whether it had been in the ledger before, and {@code entry} is what it came to then
 */
public record CommandAnswer(@Nullable Entry entry, Usage usage, long position, boolean replayed) {
    public static CommandAnswer of(Done done) {
        OrganizationEvent event = done.entry();
        return new CommandAnswer(
                event == null ? null : Entry.of(event, done.standing().balance().calendar()),
                Usage.of(done.standing()),
                done.standing().position(),
                done.replayed());
    }
}
