package dev.usageledger.bench;

import java.time.Duration;

/**
 * A number of clients that each send one request after the other for a while.
 *
 * @param cell a number that no other load of this run has; it is in the identifier of everything that is recorded
 * @param organizations how many organizations the usage is spread over
 * @param perRequest how many commands a request carries
 * @param leadIn how long the clients work before it counts
 * @param time how long it counts
 */
record Load(int cell, Shape shape, int organizations, int clients, int perRequest, Duration leadIn, Duration time) {
    String transcriptionId(int client, long number) {
        return "%04d-%04d-%09d".formatted(cell, client, number);
    }

    Load lasting(Duration leadIn, Duration time) {
        return new Load(cell, shape, organizations, clients, perRequest, leadIn, time);
    }
}
