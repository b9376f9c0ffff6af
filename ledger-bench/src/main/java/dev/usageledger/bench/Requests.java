package dev.usageledger.bench;

import java.nio.ByteBuffer;

/** The requests of one client, rendered once; what differs from one to the next is written over. */
interface Requests {
    /** The request numbered {@code number}, until the next one is asked for. */
    ByteBuffer request(long number);

    /** Whether the answer acknowledges all that the request asked for. */
    boolean isAcknowledgedBy(Reply reply);
}
