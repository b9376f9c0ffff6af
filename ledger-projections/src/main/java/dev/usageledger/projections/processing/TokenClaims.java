package dev.usageledger.projections.processing;

import dev.usageledger.engine.JdbcTransactions;
import java.time.Duration;
import java.util.List;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;

/**
 * {@link Token} as Axon's processor sees it: one segment, claimed by one node at a time. The position itself is moved
 * by {@link Projector}, together with the tables. A claim only keeps two nodes from doing the same work; should both
 * hold it, the lock on the token still lets every event count once.
 */
final class TokenClaims implements TokenStore {
    /** How long a node that has died keeps others waiting. */
    static final Duration CLAIM = Duration.ofSeconds(5);

    private static final int SEGMENT = 0;

    private final JdbcTransactions transactions;
    private final String owner;
    private final Projector projector;
    private final Token token;

    TokenClaims(JdbcTransactions transactions, String owner, Projector projector) {
        this.transactions = transactions;
        this.owner = owner;
        this.projector = projector;
        this.token = projector.token();
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        throw new IllegalStateException("the token is there before the processor starts");
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return new int[] {SEGMENT};
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        return transactions.call(connection -> token.mayClaim(connection, owner))
                ? List.of(Segment.ROOT_SEGMENT)
                : List.of();
    }

    @Override
    public TrackingToken fetchToken(String processorName, int segment) {
        long position = transactions
                .call(connection -> token.claim(connection, owner, CLAIM.toMillis()))
                .orElseThrow(() -> new UnableToClaimTokenException("another node takes the read models further"));
        projector.deliveredUpTo(position);
        return new GlobalSequenceTrackingToken(position);
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        extendClaim(processorName, segment);
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        long position = transactions
                .call(connection -> token.renew(connection, owner, CLAIM.toMillis()))
                .orElseThrow(() -> new UnableToClaimTokenException("another node has taken over the read models"));
        projector.requireNothingLost(position);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        transactions.run(connection -> token.release(connection, owner));
    }
}
