package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationId;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;

/**
 * Reads that come in while a query is under way share the next one. A read sees every commit that was answered before
 * it was asked for, since its query starts afterwards.
 */
final class SharedReads implements AutoCloseable {
    private static final int MOST_PER_QUERY = 256;
    private static final int MOST_WAITING = 16_384;

    private final Organizations organizations;
    private final LaneQueue<OrganizationId, Read> queue = new LaneQueue<>(MOST_WAITING);
    private final Thread reader;

    private record Read(OrganizationId organizationId, CompletableFuture<KnownOrganization> answer) {}

    SharedReads(Organizations organizations) {
        this.organizations = organizations;
        this.reader = Thread.ofPlatform().name("reads").daemon().start(this::run);
    }

    /** @throws LedgerUnavailableException when the database is out of reach, or too many reads are waiting */
    KnownOrganization current(OrganizationId organizationId) {
        Read read = new Read(organizationId, new CompletableFuture<>());
        if (!queue.offer(organizationId, read)) {
            throw new LedgerUnavailableException("too many reads are waiting", null);
        }
        try {
            return read.answer.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException fault ? fault : e;
        }
    }

    private void run() {
        for (List<Read> reads = queue.take(MOST_PER_QUERY); !reads.isEmpty(); reads = queue.take(MOST_PER_QUERY)) {
            answer(reads);
        }
    }

    private void answer(List<Read> reads) {
        try {
            Set<OrganizationId> ids = reads.stream().map(Read::organizationId).collect(Collectors.toSet());
            Map<OrganizationId, KnownOrganization> current = organizations.current(ids);
            reads.forEach(
                    read -> read.answer.complete(current.getOrDefault(read.organizationId, KnownOrganization.NOTHING)));
        } catch (Throwable fault) {
            // Whoever waits has to hear of it, and the next reads deserve a try of their own.
            reads.forEach(read -> read.answer.completeExceptionally(fault));
        }
    }

    /** Answers what waits, then stops. */
    @Override
    public void close() {
        queue.close();
        try {
            reader.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
