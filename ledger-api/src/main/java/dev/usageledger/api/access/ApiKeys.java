package dev.usageledger.api.access;

import com.fasterxml.uuid.Generators;
import dev.usageledger.api.BannerLine;
import dev.usageledger.api.CannotStartException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/**
 * The API keys of the ledger. A key is 256 random bits, known in full only to whoever was shown it; the database holds
 * its hash. The first start makes one, the key of {@code admin}. Where {@code LEDGER_API_KEY} is set, that is the key of
 * {@code admin} instead: it is kept nowhere, and the one in the database does not count for as long.
 */
@Component
public class ApiKeys implements BannerLine.Source {
    private static final String ADMIN = "admin";
    private static final String PREFIX = "ulk_";
    private static final int KEY_BYTES = 32;
    private static final Pattern CHOSEN_KEY = Pattern.compile("[!-~]{16,200}");
    private static final long REFRESH_NANOS = Duration.ofSeconds(30).toNanos();
    private static final Logger LOG = LoggerFactory.getLogger(ApiKeys.class);

    private final JdbcClient database;
    private final @Nullable Key chosen;
    private final @Nullable String made;
    private final List<Key> temporary = new CopyOnWriteArrayList<>();
    private volatile Known known;

    /** A key that counts, by its hash. */
    private record Key(String name, byte[] hash) {}

    private record Known(List<Key> keys, long asOfNanos) {}

    ApiKeys(JdbcClient database, @Value("${LEDGER_API_KEY:}") String chosenKey) {
        this.database = database;
        this.chosen = chosenKey.isEmpty() ? null : new Key(ADMIN, hash(required(chosenKey)));
        this.made = chosen == null ? makeFirst() : null;
        this.known = load();
    }

    /** The name of the key that was presented; empty when it is none of this ledger's. */
    public Optional<String> nameOf(String presented) {
        byte[] hash = hash(presented);
        return nameOf(hash, known()).or(() -> nameOf(hash, temporary));
    }

    private static Optional<String> nameOf(byte[] hash, List<Key> keys) {
        return keys.stream()
                .filter(key -> MessageDigest.isEqual(key.hash(), hash))
                .map(Key::name)
                .findFirst();
    }

    /** A key that counts until it is closed, for this process alone; it is kept in memory only. */
    public TemporaryKey temporary(String name) {
        String text = random();
        var key = new Key(name, hash(text));
        temporary.add(key);
        return new TemporaryKey(text, () -> temporary.remove(key));
    }

    /** A key that counts until it is closed. */
    public static final class TemporaryKey implements AutoCloseable {
        private final String text;
        private final Runnable onClose;

        private TemporaryKey(String text, Runnable onClose) {
            this.text = text;
            this.onClose = onClose;
        }

        /** What to present. */
        public String text() {
            return text;
        }

        @Override
        public void close() {
            onClose.run();
        }
    }

    @Override
    public Stream<BannerLine> lines() {
        if (chosen != null) {
            return Stream.of(new BannerLine("API key", "the one in LEDGER_API_KEY"));
        }
        return Stream.of(new BannerLine(
                "API key",
                made == null
                        ? "the one shown at the first start (lost it? set LEDGER_API_KEY)"
                        : made + " (shown this once: keep it)"));
    }

    private static String required(String chosenKey) {
        if (!CHOSEN_KEY.matcher(chosenKey).matches()) {
            throw new CannotStartException(
                    "LEDGER_API_KEY must be 16 to 200 printable characters without spaces. Choose a longer key.");
        }
        return chosenKey;
    }

    /** @return the key, unless this ledger had one already */
    private @Nullable String makeFirst() {
        String key = random();
        int inserted = database.sql("""
                        INSERT INTO access.api_keys (id, name, hash, created_at) VALUES (:id, :name, :hash, :now)
                        ON CONFLICT (name) DO NOTHING
                        """)
                .param("id", Generators.timeBasedEpochGenerator().generate())
                .param("name", ADMIN)
                .param("hash", hash(key))
                .param("now", OffsetDateTime.now(ZoneOffset.UTC))
                .update();
        return inserted == 1 ? key : null;
    }

    private static String random() {
        byte[] random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    // All of them every so often, and never on behalf of a caller's key: guessing must not cost the database anything.
    private List<Key> known() {
        Known current = known;
        if (System.nanoTime() - current.asOfNanos() < REFRESH_NANOS) {
            return current.keys();
        }
        synchronized (this) {
            if (known == current) {
                known = refreshed(current);
            }
            return known.keys();
        }
    }

    private Known refreshed(Known current) {
        try {
            return load();
        } catch (DataAccessException e) {
            LOG.warn("API keys could not be read again, those known so far still count: {}", e.toString());
            return new Known(current.keys(), System.nanoTime());
        }
    }

    private Known load() {
        List<Key> stored = database.sql("SELECT name, hash FROM access.api_keys")
                .query((row, number) -> new Key(row.getString("name"), row.getBytes("hash")))
                .list();
        return new Known(chosen == null ? stored : instead(chosen, stored), System.nanoTime());
    }

    private static List<Key> instead(Key chosen, List<Key> stored) {
        return Stream.concat(
                        Stream.of(chosen),
                        stored.stream().filter(key -> !key.name().equals(chosen.name())))
                .toList();
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
