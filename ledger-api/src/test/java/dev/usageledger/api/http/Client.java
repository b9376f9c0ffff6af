package dev.usageledger.api.http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A caller of the service. Whatever is answered is held against the OpenAPI document. */
final class Client {
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final int port;
    private final String key;
    private final Map<String, String> headers;

    Client(int port, String key) {
        this(port, key, Map.of());
    }

    private Client(int port, String key, Map<String, String> headers) {
        this.port = port;
        this.key = key;
        this.headers = headers;
    }

    Client with(Map<String, String> more) {
        return new Client(port, key, more);
    }

    Reply get(String path) {
        return send("GET", path, BodyPublishers.noBody());
    }

    Reply delete(String path) {
        return send("DELETE", path, BodyPublishers.noBody());
    }

    Reply post(String path) {
        return send("POST", path, BodyPublishers.noBody());
    }

    Reply post(String path, String json) {
        return send("POST", path, BodyPublishers.ofString(json));
    }

    Reply put(String path) {
        return send("PUT", path, BodyPublishers.noBody());
    }

    Reply put(String path, String json) {
        return send("PUT", path, BodyPublishers.ofString(json));
    }

    Reply send(String method, String path, byte[] body) {
        return send(method, path, BodyPublishers.ofByteArray(body));
    }

    private Reply send(String method, String path, BodyPublisher body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
                .method(method, body);
        if (!key.isEmpty()) {
            request.setHeader("Authorization", "Bearer " + key);
        }
        if (body.contentLength() != 0) {
            request.setHeader("Content-Type", "application/json");
        }
        headers.forEach(request::setHeader);
        try {
            Reply reply = new Reply(HTTP.send(request.build(), BodyHandlers.ofString(StandardCharsets.UTF_8)));
            Contract.check(method, path, reply);
            return reply;
        } catch (IOException e) {
            throw new UncheckedIOException(method + " " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
