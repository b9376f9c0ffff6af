package dev.usageledger.organization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Overage minutes bought together. Every one of them is at any time in exactly one of four places: {@code minutes =
 * spent + refunded + expired + remaining}.
 *
 * @param expiresAt when unspent minutes lapse; {@code null} means never
 */
public record OveragePack(
        PurchaseId purchaseId,
        Minutes minutes,
        @Nullable Instant expiresAt,
        Minutes spent,
        Minutes refunded,
        Minutes expired) {

    static OveragePack bought(PurchaseId purchaseId, Minutes minutes, @Nullable Instant expiresAt) {
        return new OveragePack(purchaseId, minutes, expiresAt, Minutes.ZERO, Minutes.ZERO, Minutes.ZERO);
    }

    public Minutes remaining() {
        return Minutes.of(minutes.value() - spent.value() - refunded.value() - expired.value());
    }

    boolean hasExpiredAt(Instant at) {
        return expiresAt != null && !expiresAt.isAfter(at);
    }

    /** Whether this pack is to be spent before one that is bought later and expires at {@code otherExpiresAt}. */
    boolean isSpentBefore(@Nullable Instant otherExpiresAt) {
        return otherExpiresAt == null || (expiresAt != null && !expiresAt.isAfter(otherExpiresAt));
    }

    OveragePack charged(Minutes charged) {
        return new OveragePack(purchaseId, minutes, expiresAt, spent.plus(charged), refunded, expired);
    }

    OveragePack givenBack(Minutes back) {
        return new OveragePack(purchaseId, minutes, expiresAt, spent.minus(back), refunded, expired);
    }

    OveragePack refunded(Minutes back) {
        return new OveragePack(purchaseId, minutes, expiresAt, spent, refunded.plus(back), expired);
    }

    OveragePack lapsed(Minutes lapsed) {
        return new OveragePack(purchaseId, minutes, expiresAt, spent, refunded, expired.plus(lapsed));
    }
}
