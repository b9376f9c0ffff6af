package dev.usageledger.api.http;

import java.util.concurrent.atomic.AtomicInteger;

/** Organizations for tests, one that no other test knows each time. */
final class TestOrganization {
    private static final AtomicInteger OPENED = new AtomicInteger();

    private TestOrganization() {}

    /** @return its path */
    static String opened(Client client, long includedMinutes, String limit) {
        return opened(client, Long.toString(includedMinutes), limit);
    }

    static String unlimited(Client client) {
        return opened(client, "null", "SOFT");
    }

    static String unknown() {
        return "/v1/organizations/org-" + OPENED.incrementAndGet();
    }

    private static String opened(Client client, String includedMinutes, String limit) {
        String path = unknown();
        client.put(path, opening(path, includedMinutes, limit)).is(201);
        return path;
    }

    /** The id in a path. */
    static String id(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static String opening(String path, String includedMinutes, String limit) {
        return """
                {"name": "Organization %s", "plan": {"code": "team", "includedMinutes": %s, "limit": "%s"},
                 "zone": "UTC", "periodAnchor": "2026-01-31T00:00"}""".formatted(id(path), includedMinutes, limit);
    }
}
