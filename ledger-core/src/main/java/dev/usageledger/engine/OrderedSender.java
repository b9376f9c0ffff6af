package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationId;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Sends commands without waiting for answers, and none of them overtakes an earlier one of the same organization: once
 * one could not be answered, those behind it are not either. A rejection is an answer, and stops nobody. For one thread.
 */
public final class OrderedSender {
    private final Ledger ledger;
    private final Origin origin;
    private final Map<OrganizationId, Order> orders = new HashMap<>();

    OrderedSender(Ledger ledger, Origin origin) {
        this.ledger = ledger;
        this.origin = origin;
    }

    /** As {@link Ledger#send}. */
    public CompletableFuture<Answer> send(OrganizationCommand command) {
        Order order = orders.computeIfAbsent(command.organizationId(), organization -> new Order());
        return ledger.send(command, origin, order);
    }

    /** What the commands to one organization share. */
    static final class Order {
        /** For commands that nothing goes before. */
        static final Order NONE = new Order();

        private volatile boolean isBroken;

        /** Whether a command could not be answered. */
        boolean isBroken() {
            return isBroken;
        }

        /** Before the sender is told that a command could not be answered, and before those behind it are decided. */
        void breakOff() {
            isBroken = this != NONE;
        }

        LedgerUnavailableException refusal() {
            return new LedgerUnavailableException("a command before this one could not be answered", null);
        }
    }
}
