package dev.usageledger.api.warmup;

import dev.usageledger.api.access.ApiKeys;
import dev.usageledger.engine.EventHistory;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.RecordedEvent;
import dev.usageledger.organization.OrganizationId;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * Asks the service what callers ask, over HTTP and before it says that it is ready. What a JVM does for the first time
 * takes it many times as long: this way no caller is the one who waits for that. Only reads; and a start does not fail
 * for it.
 */
@Component
@ConditionalOnProperty(name = "ledger.warm-up", havingValue = "true")
@Order(Ordered.LOWEST_PRECEDENCE)
class WarmUp implements ApplicationRunner {
    private static final int ROUNDS = 2;
    private static final int PATIENCE_MILLIS = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);

    private final Ledger ledger;
    private final ApiKeys keys;
    private final InstantSource clock;
    private final Environment environment;

    WarmUp(Ledger ledger, ApiKeys keys, InstantSource clock, Environment environment) {
        this.ledger = ledger;
        this.keys = keys;
        this.clock = clock;
        this.environment = environment;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        try (ApiKeys.TemporaryKey key = keys.temporary("warm-up")) {
            List<String> questions = questions();
            for (int round = 0; round < ROUNDS; round++) {
                for (String question : questions) {
                    ask(question, key.text());
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.debug("the first callers will wait a little: the service did not answer itself", e);
        }
    }

    private List<String> questions() {
        return lastActive().map(this::questionsAbout).orElse(List.of("/v1/organizations"));
    }

    /** Whom something happened to last: likely one with a long history, and likely one that callers will ask about. */
    private Optional<OrganizationId> lastActive() {
        long head = ledger.head();
        return ledger.transactions().call(connection -> EventHistory.between(connection, head - 1, head, 1)).stream()
                .map(RecordedEvent::organizationId)
                .findFirst();
    }

    private List<String> questionsAbout(OrganizationId organizationId) {
        String usage = "/v1/organizations/" + organizationId + "/usage";
        Instant now = clock.instant();
        Instant openedAt = ledger.openedAt(organizationId).orElse(now);
        Instant midway = openedAt.plus(Duration.between(openedAt, now).dividedBy(2));
        return List.of(usage, usage + "?at=" + midway, usage + "?at=" + midway + "&knownAt=" + midway);
    }

    private void ask(String question, String key) throws IOException {
        String address = environment.getProperty("server.address", "localhost");
        String port = environment.getRequiredProperty("local.server.port");
        var call = (HttpURLConnection)
                URI.create("http://" + address + ":" + port + question).toURL().openConnection(Proxy.NO_PROXY);
        call.setRequestProperty(HttpHeaders.AUTHORIZATION, "Bearer " + key);
        call.setConnectTimeout(PATIENCE_MILLIS);
        call.setReadTimeout(PATIENCE_MILLIS);
        try (InputStream answer = call.getInputStream()) {
            answer.transferTo(OutputStream.nullOutputStream());
        }
    }
}
