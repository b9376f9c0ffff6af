package dev.usageledger.bench;

import java.sql.SQLException;

/** Usage in two places, as it used to be kept: a row for each transcription, and a counter for each organization. */
final class LegacyTables {
    static final String INSERT = """
            INSERT INTO legacy.usage_metrics (organization_id, metric_type, metric_value)
            VALUES (?, 'minutes_transcribed', 3)
            """;
    static final String COUNT = """
            UPDATE legacy.organizations SET used_minutes = COALESCE(used_minutes, 0) + 3, updated_at = now() WHERE id = ?
            """;

    private LegacyTables() {}

    static void create(Database database, int organizations) throws SQLException {
        database.execute("DROP SCHEMA IF EXISTS legacy CASCADE");
        database.execute("""
                CREATE SCHEMA legacy;
                CREATE TABLE legacy.organizations (
                    id int PRIMARY KEY, name text, used_minutes int DEFAULT 0, max_minutes_monthly int,
                    updated_at timestamptz);
                CREATE INDEX ON legacy.organizations (used_minutes);
                CREATE TABLE legacy.usage_metrics (
                    id bigserial PRIMARY KEY, organization_id int, metric_type text, metric_value int,
                    created_at timestamptz DEFAULT now());
                CREATE INDEX ON legacy.usage_metrics (organization_id, created_at)
                """);
        database.execute("""
                INSERT INTO legacy.organizations (id, name, max_minutes_monthly)
                SELECT id, 'Organization ' || id, 1000000000 FROM generate_series(1, %d) AS id
                """.formatted(organizations));
        database.execute("VACUUM ANALYZE legacy.organizations");
    }

    static long rows(Database database) throws SQLException {
        return database.number("SELECT count(*) FROM legacy.usage_metrics");
    }

    static long counted(Database database) throws SQLException {
        return database.number("SELECT sum(used_minutes) FROM legacy.organizations");
    }

    static void requireRows(Database database, long expected) throws SQLException {
        long stored = rows(database);
        if (stored != expected) {
            throw new BenchmarkFailedException("%d rows were acknowledged, %d are stored".formatted(expected, stored));
        }
    }
}
