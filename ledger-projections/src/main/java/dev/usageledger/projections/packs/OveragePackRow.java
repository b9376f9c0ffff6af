package dev.usageledger.projections.packs;

import dev.usageledger.organization.OrganizationEvent.OveragePurchased;
import dev.usageledger.organization.OveragePack;
import dev.usageledger.organization.Price;
import dev.usageledger.projections.Step;
import dev.usageledger.projections.Timestamps;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code reporting.overage_packs}. Minutes bought are always minutes spent, refunded, expired and remaining.
 *
 * @param position of the event that added the pack
 * @param expiresAt when what remains lapses; {@code null} means never
 * @param updatedAt when the event that last changed it was recorded
 */
public record OveragePackRow(
        String organizationId,
        String purchaseId,
        long position,
        Instant purchasedAt,
        long boughtMinutes,
        long spentMinutes,
        long refundedMinutes,
        long expiredMinutes,
        long remainingMinutes,
        @Nullable Instant expiresAt,
        @Nullable BigDecimal priceAmount,
        @Nullable String priceCurrency,
        Instant updatedAt) {

    static OveragePackRow bought(Step step, OveragePurchased purchase) {
        Price price = purchase.price();
        long minutes = purchase.minutes().value();
        return new OveragePackRow(
                step.organizationId().value(),
                purchase.purchaseId().value(),
                step.position(),
                purchase.recordedAt(),
                minutes,
                0,
                0,
                0,
                minutes,
                purchase.expiresAt(),
                price == null ? null : price.amount(),
                price == null ? null : price.currency(),
                purchase.recordedAt());
    }

    OveragePackRow with(OveragePack pack, Instant at) {
        return new OveragePackRow(
                organizationId,
                purchaseId,
                position,
                purchasedAt,
                boughtMinutes,
                pack.spent().value(),
                pack.refunded().value(),
                pack.expired().value(),
                pack.remaining().value(),
                expiresAt,
                priceAmount,
                priceCurrency,
                at);
    }

    static OveragePackRow read(ResultSet row, int number) throws SQLException {
        return new OveragePackRow(
                row.getString("organization_id"),
                row.getString("purchase_id"),
                row.getLong("position"),
                Timestamps.read(row, "purchased_at"),
                row.getLong("bought_minutes"),
                row.getLong("spent_minutes"),
                row.getLong("refunded_minutes"),
                row.getLong("expired_minutes"),
                row.getLong("remaining_minutes"),
                Timestamps.readNullable(row, "expires_at"),
                row.getBigDecimal("price_amount"),
                row.getString("price_currency"),
                Timestamps.read(row, "updated_at"));
    }
}
