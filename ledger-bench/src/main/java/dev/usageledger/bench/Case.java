package dev.usageledger.bench;

/**
 * One line of the table.
 *
 * @param perRequest how many commands a request carries
 * @param stored how many events the ledger held before, for what is measured as it grows; 0 otherwise
 */
record Case(Row row, Shape shape, int clients, int perRequest, long stored) {
    Case(Row row, Load load) {
        this(row, load.shape(), load.clients(), load.perRequest(), 0);
    }

    Case(Row row, Shape shape, int clients) {
        this(row, shape, clients, 1, 0);
    }

    String label() {
        String batch = perRequest == 1 ? "" : " by " + perRequest;
        String size = stored == 0 ? "" : " from %,d events".formatted(stored);
        return row.label() + batch + size;
    }
}
