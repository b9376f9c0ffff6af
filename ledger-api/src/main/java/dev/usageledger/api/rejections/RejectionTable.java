package dev.usageledger.api.rejections;

import dev.usageledger.api.rejections.Newest.Owner;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The statements that write {@code support.rejections}, and keep it small. */
@Component
public final class RejectionTable {
    /** How many are kept of each organization, and of each person without one. */
    public static final int MOST_OF_EACH = 100;

    /** How long they are kept. */
    public static final Duration LONGEST = Duration.ofDays(30);

    // Whatever identifiers callers make up.
    private static final int MOST_IN_ALL = 200_000;

    private final JdbcClient database;
    private final JsonMapper json;

    RejectionTable(JdbcClient database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /** Adds what was refused, and forgets what that makes too many. */
    void add(Newest newest) {
        insert(newest.all());
        forgetSurplus(newest.owners());
    }

    private void insert(List<Refused> rows) {
        database.sql("""
                        INSERT INTO support.rejections
                            (organization_id, user_id, rejected_at, command, command_id, code, numbers, actor, correlation_id)
                        SELECT * FROM unnest(
                            :organizations::text[], :users::text[], :times::text[]::timestamptz[], :commands::text[],
                            :commandIds::text[], :codes::text[], :numbers::text[]::json[], :actors::text[],
                            :correlations::text[])
                        """)
                .param("organizations", texts(rows, Refused::organizationId))
                .param("users", texts(rows, refused -> refused.command().userId()))
                .param("times", texts(rows, refused -> refused.at().atOffset(ZoneOffset.UTC)))
                .param("commands", texts(rows, refused -> refused.command().kind()))
                .param("commandIds", texts(rows, refused -> refused.command().id()))
                .param("codes", texts(rows, Refused::code))
                .param("numbers", texts(rows, refused -> json.writeValueAsString(refused.numbers())))
                .param("actors", texts(rows, refused -> refused.origin().actor()))
                .param("correlations", texts(rows, refused -> refused.origin().correlationId()))
                .update();
    }

    private void forgetSurplus(Collection<Owner> owners) {
        database.sql("""
                        DELETE FROM support.rejections AS surplus
                        USING unnest(:organizations::text[]) AS owner (organization_id)
                        WHERE surplus.organization_id = owner.organization_id
                            AND surplus.id <= (
                                SELECT id FROM support.rejections
                                WHERE organization_id = owner.organization_id
                                ORDER BY id DESC OFFSET :most LIMIT 1)
                        """)
                .param("organizations", owned(owners, Owner::organizationId))
                .param("most", MOST_OF_EACH)
                .update();
        database.sql("""
                        DELETE FROM support.rejections AS surplus
                        USING unnest(:users::text[]) AS owner (user_id)
                        WHERE surplus.user_id = owner.user_id AND surplus.organization_id IS NULL
                            AND surplus.id <= (
                                SELECT id FROM support.rejections
                                WHERE user_id = owner.user_id AND organization_id IS NULL
                                ORDER BY id DESC OFFSET :most LIMIT 1)
                        """)
                .param("users", owned(owners, Owner::userId))
                .param("most", MOST_OF_EACH)
                .update();
    }

    /** Forgets what is too old by {@code now}, and what is too much in all. */
    void expire(Instant now) {
        database.sql("""
                        DELETE FROM support.rejections
                        WHERE rejected_at < :oldest OR id <= (SELECT max(id) FROM support.rejections) - :most
                        """)
                .param("oldest", now.minus(LONGEST).atOffset(ZoneOffset.UTC))
                .param("most", MOST_IN_ALL)
                .update();
    }

    private static String[] owned(Collection<Owner> owners, Function<Owner, @Nullable String> part) {
        return owners.stream().map(part).filter(Objects::nonNull).toArray(String[]::new);
    }

    private static @Nullable String[] texts(List<Refused> rows, Function<Refused, @Nullable Object> column) {
        return rows.stream().map(column).map(RejectionTable::text).toArray(String[]::new);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
