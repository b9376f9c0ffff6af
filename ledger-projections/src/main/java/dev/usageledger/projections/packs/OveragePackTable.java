package dev.usageledger.projections.packs;

import dev.usageledger.projections.Columns;
import dev.usageledger.projections.packs.OveragePacks.Changed;
import dev.usageledger.projections.packs.OveragePacks.Key;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;

/** The statements that write {@code overage_packs}. */
final class OveragePackTable {
    static final String NAME = "overage_packs";

    private final String insert;
    private final String update;

    OveragePackTable(String schema) {
        this.insert = """
                INSERT INTO %s.overage_packs
                    (organization_id, purchase_id, position, purchased_at, bought_minutes, spent_minutes,
                     refunded_minutes, expired_minutes, remaining_minutes, expires_at, price_amount, price_currency,
                     updated_at)
                SELECT * FROM unnest(?::text[], ?::text[], ?::bigint[], ?::timestamptz[], ?::bigint[], ?::bigint[],
                                     ?::bigint[], ?::bigint[], ?::bigint[], ?::timestamptz[], ?::numeric[], ?::text[],
                                     ?::timestamptz[])
                """.formatted(schema);
        this.update = """
                UPDATE %s.overage_packs AS pack
                SET spent_minutes = changed.spent, refunded_minutes = changed.refunded,
                    expired_minutes = changed.expired, remaining_minutes = changed.remaining, updated_at = changed.at
                FROM unnest(?::text[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[], ?::bigint[], ?::timestamptz[])
                    AS changed (organization_id, purchase_id, spent, refunded, expired, remaining, at)
                WHERE pack.organization_id = changed.organization_id AND pack.purchase_id = changed.purchase_id
                """.formatted(schema);
    }

    void insert(Connection connection, Collection<OveragePackRow> rows) throws SQLException {
        Columns.of(rows)
                .text(OveragePackRow::organizationId)
                .text(OveragePackRow::purchaseId)
                .bigint(OveragePackRow::position)
                .timestamp(OveragePackRow::purchasedAt)
                .bigint(OveragePackRow::boughtMinutes)
                .bigint(OveragePackRow::spentMinutes)
                .bigint(OveragePackRow::refundedMinutes)
                .bigint(OveragePackRow::expiredMinutes)
                .bigint(OveragePackRow::remainingMinutes)
                .timestamp(OveragePackRow::expiresAt)
                .numeric(OveragePackRow::priceAmount)
                .text(OveragePackRow::priceCurrency)
                .timestamp(OveragePackRow::updatedAt)
                .execute(connection, insert);
    }

    void update(Connection connection, Map<Key, Changed> changed) throws SQLException {
        Columns.of(changed.entrySet())
                .text(entry -> entry.getKey().organizationId())
                .text(entry -> entry.getKey().purchaseId())
                .bigint(entry -> entry.getValue().pack().spent().value())
                .bigint(entry -> entry.getValue().pack().refunded().value())
                .bigint(entry -> entry.getValue().pack().expired().value())
                .bigint(entry -> entry.getValue().pack().remaining().value())
                .timestamp(entry -> entry.getValue().at())
                .execute(connection, update);
    }
}
