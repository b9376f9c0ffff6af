package dev.usageledger.api.crash;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Does as every caller should: what was not answered is sent again, the same, until it is. */
final class Caller {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(60);
    private static final JsonMapper JSON = new JsonMapper();
    private static final String APPLICATION_JSON = "application/json";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2))
            .build();
    private final Supplier<Optional<URI>> service;
    private final AtomicLong refusals = new AtomicLong();
    private final AtomicLong breaks = new AtomicLong();

    Caller(Supplier<Optional<URI>> service) {
        this.service = service;
    }

    /** @param sends how often it was sent until this answer came */
    record Reply(int status, JsonNode json, int sends) {
        boolean isAcknowledged() {
            return status == 200 || status == 201;
        }

        String code() {
            return json.at("/code").asString();
        }
    }

    /** How often a 503 said to try again. */
    long refusals() {
        return refusals.get();
    }

    /** Refusals, and how often a connection broke before there was an answer. */
    String troubles() {
        return "%d times told to wait, %d times cut off".formatted(refusals.get(), breaks.get());
    }

    Reply send(Command command) throws InterruptedException {
        return send(command.method(), path(command), command.body(), APPLICATION_JSON);
    }

    /** Sends recordings as one batch, until all of it is answered; each may still have been told to come again. */
    Reply sendTogether(List<Command> recordings) throws InterruptedException {
        String batch = recordings.stream().map(Command::recordingAsEvent).collect(Collectors.joining(",", "[", "]"));
        return send("POST", "/v1/events", batch, "application/cloudevents-batch+json");
    }

    Reply get(String path) throws InterruptedException {
        return send("GET", path, "", APPLICATION_JSON);
    }

    /** Sends it once; empty when the connection broke before there was an answer. */
    Optional<Reply> sendOnce(Command command) throws InterruptedException {
        return sendOnce(command.method(), path(command), command.body(), APPLICATION_JSON)
                .map(answer -> reply(answer, 1));
    }

    private static String path(Command command) {
        return "/v1/organizations/" + command.organization() + command.path();
    }

    private Reply send(String method, String path, String body, String contentType) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int sends = 1; System.nanoTime() < deadline; sends++) {
            Optional<HttpResponse<String>> answer = sendOnce(method, path, body, contentType);
            if (answer.isPresent() && answer.get().statusCode() != 503) {
                return reply(answer.get(), sends);
            }
            Thread.sleep(20);
        }
        throw new AssertionError("%s %s %s was not answered for %s".formatted(method, path, body, PATIENCE));
    }

    private static Reply reply(HttpResponse<String> answer, int sends) {
        return new Reply(answer.statusCode(), JSON.readTree(answer.body()), sends);
    }

    private Optional<HttpResponse<String>> sendOnce(String method, String path, String body, String contentType)
            throws InterruptedException {
        Optional<URI> url = service.get();
        if (url.isEmpty()) {
            return Optional.empty();
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(url.get().resolve(path))
                .timeout(LONGEST_ANSWER)
                .header("Authorization", "Bearer " + Installation.KEY)
                .method(method, BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.header("Content-Type", contentType);
        }
        try {
            HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
            if (answer.statusCode() == 503) {
                refusals.incrementAndGet();
            }
            return Optional.of(answer);
        } catch (IOException e) {
            breaks.incrementAndGet();
            return Optional.empty();
        }
    }
}
