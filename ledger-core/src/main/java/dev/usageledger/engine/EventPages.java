package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Long histories of one organization, a page at a time. Each page is a statement of its own, which has ended before the
 * first of its events is handed over: whoever takes their time with them neither keeps a connection nor holds vacuum
 * back. It comes to the same as one transaction, since what is recorded stays as it is and has no gaps.
 */
final class EventPages {
    private static final int USUAL_SIZE = 5_000;

    private final JdbcTransactions transactions;
    private final int size;

    EventPages(JdbcTransactions transactions) {
        this(transactions, USUAL_SIZE);
    }

    /** @param size how many events are on a page */
    EventPages(JdbcTransactions transactions, int size) {
        this.transactions = transactions;
        this.size = size;
    }

    /** Hands over the events after {@code sequence} and up to {@code last}, in order. */
    void read(OrganizationId organizationId, long sequence, long last, Consumer<StoredEvent> to) {
        long read = sequence;
        boolean more = read < last;
        while (more) {
            List<StoredEvent> page = page(organizationId, read, last - read > size ? read + size : last);
            page.forEach(to);
            read += page.size();
            more = page.size() == size && read < last;
        }
    }

    private List<StoredEvent> page(OrganizationId organizationId, long sequence, long last) {
        return transactions.once(connection -> {
            List<StoredEvent> events = new ArrayList<>();
            EventCopy.read(connection, organizationId, sequence, last, events::add);
            return events;
        });
    }
}
