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
        return ledger.send(command, origin, order.next());
    }

    /** The commands to one organization. */
    private static final class Order {
        private int sent;
        private volatile int firstUnanswered = Integer.MAX_VALUE;

        Place next() {
            return new Place(this, sent++);
        }

        synchronized void unanswered(int number) {
            firstUnanswered = Math.min(firstUnanswered, number);
        }
    }

    /** Where a command stands among those that were sent in order. */
    static final class Place {
        /** Of commands that stand by themselves: none is behind another. */
        static final Place ALONE = new Order().next();

        private final Order order;
        private final int number;

        private Place(Order order, int number) {
            this.order = order;
            this.number = number;
        }

        /** The command cannot be answered. Said before the sender hears of it, and before any behind it is decided. */
        void unanswered() {
            order.unanswered(number);
        }

        /** Whether one before it could not be answered, so that it must not be decided any more. */
        boolean isCutOff() {
            return number > order.firstUnanswered;
        }

        LedgerUnavailableException refusal() {
            return new LedgerUnavailableException("a command before this one could not be answered", null);
        }
    }
}
