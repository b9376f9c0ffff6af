package dev.usageledger.api.http;

import dev.usageledger.api.clock.TestClock;
import dev.usageledger.api.http.problem.ProblemWriter;
import dev.usageledger.api.http.problem.Problems;
import dev.usageledger.api.http.request.RequestIdentity;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/** The first to see a request and the last: gives it its identity, answers its headers, and measures
 * and logs what became of it. */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 100)
final class RequestFilter extends OncePerRequestFilter {
    private static final String STRICT = "default-src 'none'; frame-ancestors 'none'";
    private static final String OF_PAGES = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
            + " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
    private static final Logger LOG = LoggerFactory.getLogger("dev.usageledger.http");

    // No call takes any, and whoever sees them may or may not count them to the path.
    private static final char PATH_PARAMETER = ';';

    private final Supplier<InstantSource> clock;
    private final Supplier<RequestMetrics> metrics;
    private final ProblemWriter problems;

    // The container asks for its filters before anything else is there, and makes a noise when one cannot be made.
    RequestFilter(ObjectProvider<InstantSource> clock, ObjectProvider<RequestMetrics> metrics, ProblemWriter problems) {
        this.clock = SingletonSupplier.of(clock::getObject);
        this.metrics = SingletonSupplier.of(metrics::getObject);
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        long begun = System.nanoTime();
        RequestIdentity identity = RequestIdentity.begin(request, clock.get().instant());
        addHeaders(request, response, identity);
        try (MDC.MDCCloseable ignored = MDC.putCloseable("requestId", identity.requestId())) {
            if (request.getRequestURI().indexOf(PATH_PARAMETER) < 0) {
                chain.doFilter(request, response);
            } else {
                problems.write(Problems.ofStatus(404), response);
            }
            long nanos = System.nanoTime() - begun;
            metrics.get().answered(request, response, nanos);
            log(request, response, nanos);
        }
    }

    private void addHeaders(HttpServletRequest request, HttpServletResponse response, RequestIdentity identity) {
        response.setHeader(RequestIdentity.ID_HEADER, identity.requestId());
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Referrer-Policy", "no-referrer");
        response.setHeader("Content-Security-Policy", request.getRequestURI().startsWith("/docs") ? OF_PAGES : STRICT);
        if (clock.get() instanceof TestClock testClock) {
            TestClockHeader.set(response, testClock);
        }
    }

    // Without the query, which may name people, and without headers and bodies.
    private static void log(HttpServletRequest request, HttpServletResponse response, long nanos) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "Answered {} {} with {} after {} ms, to {}",
                    request.getMethod(),
                    request.getRequestURI(),
                    response.getStatus(),
                    TimeUnit.NANOSECONDS.toMillis(nanos),
                    RequestIdentity.of(request).caller());
        }
    }
}
