package dev.usageledger.api.http;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.HandlerMapping;

/**
 * How many requests of which kind were answered how, and how long that took. Under the name that Spring gives it, since
 * that is what dashboards ask for; but Spring's own way to it takes as long as all other filters together.
 */
@Component
final class RequestMetrics {
    private static final String NO_CALL = "UNKNOWN";

    private final MeterRegistry meters;
    private final Map<Kind, Timer> timers = new ConcurrentHashMap<>();

    /** @param uri the path of the call with its variables unfilled, so that there are few of them */
    private record Kind(String method, String uri, int status) {}

    RequestMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    void answered(HttpServletRequest request, HttpServletResponse response, long nanos) {
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        // Whoever may send any method may otherwise make any number of timers.
        Kind kind = pattern == null
                ? new Kind(NO_CALL, NO_CALL, response.getStatus())
                : new Kind(request.getMethod(), pattern.toString(), response.getStatus());
        timers.computeIfAbsent(kind, this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Kind kind) {
        return Timer.builder("http.server.requests")
                .description("Requests, from their first byte read to their last byte written")
                .tag("method", kind.method())
                .tag("uri", kind.uri())
                .tag("status", Integer.toString(kind.status()))
                .register(meters);
    }
}
