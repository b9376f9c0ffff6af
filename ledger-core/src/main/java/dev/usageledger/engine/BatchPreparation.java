package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationId;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Gets ready, in the current unit of work, what all commands of a batch will need to be decided. */
final class BatchPreparation {
    private final JdbcTransactions transactions;
    private final OrganizationRepository organizations;
    private final Recollection past;

    BatchPreparation(JdbcTransactions transactions, OrganizationRepository organizations, Recollection past) {
        this.transactions = transactions;
        this.organizations = organizations;
        this.past = past;
    }

    /**
     * Makes all other writers wait until the transaction of this unit of work ends.
     *
     * @throws LedgerUnavailableException when one of them has kept this one waiting for too long, who may go through
     *     without a turn
     */
    void takeTurn() {
        try {
            transactions.run(EventTable::takeTurn);
        } catch (DatabaseException e) {
            throw e.isLockTimeout() ? new LedgerUnavailableException("another writer takes too long", e) : e;
        }
    }

    /** Looks everything up as it is by now, in one query where the organizations are in memory. */
    void lookUp(List<Submission> submissions) {
        List<OrganizationCommand> commands = commands(submissions);
        past.prepare(commands, (recalled, found) -> organizations.prepare(ids(commands), recalled, found));
    }

    /**
     * Takes everything from memory, as it is expected to be once what is being committed is committed, and every
     * command for one that comes for the first time. What is decided on that may be stored, since the store refuses it
     * where it is not so; it may not be answered otherwise.
     *
     * @return whether memory is enough for these commands
     */
    boolean presume(List<Submission> submissions) {
        List<OrganizationCommand> commands = commands(submissions);
        return past.presumeNew(commands) && organizations.prepareExpected(ids(commands));
    }

    /** Lets the next batch presume what this one has decided. */
    void expectDecided() {
        organizations.expectDecided();
    }

    private static List<OrganizationCommand> commands(List<Submission> submissions) {
        return submissions.stream().map(Submission::command).toList();
    }

    private static Set<OrganizationId> ids(List<OrganizationCommand> commands) {
        return commands.stream().map(OrganizationCommand::organizationId).collect(Collectors.toSet());
    }
}
