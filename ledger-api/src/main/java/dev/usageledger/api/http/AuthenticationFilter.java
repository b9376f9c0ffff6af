package dev.usageledger.api.http;

import dev.usageledger.api.access.ApiKeys;
import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemWriter;
import dev.usageledger.api.http.problem.Problems;
import dev.usageledger.api.http.request.RequestIdentity;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.util.function.SingletonSupplier;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Lets nothing through without an API key but what is listed here: health, documentation and the pages about problems.
 * The path is compared as it came, so no spelling of a path can pass for another.
 */
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 200)
final class AuthenticationFilter extends OncePerRequestFilter {
    private static final Set<String> OPEN = Set.of(
            "/",
            "/actuator/health",
            "/actuator/health/liveness",
            "/actuator/health/readiness",
            "/docs",
            "/problems",
            "/v3/api-docs");
    private static final Pattern OPEN_BELOW = Pattern.compile("/(docs|problems)/[a-z0-9-]+(\\.[a-z0-9-]+)*");
    private static final String PROMETHEUS = "/actuator/prometheus";
    private static final Pattern BEARER = Pattern.compile("Bearer +([!-~]{1,500}) *", Pattern.CASE_INSENSITIVE);

    private final Supplier<ApiKeys> keys;
    private final ProblemWriter problems;
    private final boolean openPrometheus;

    // Supplied, since the container asks for its filters before there is a database.
    AuthenticationFilter(ObjectProvider<ApiKeys> keys, ProblemWriter problems, HttpSettings settings) {
        this.keys = SingletonSupplier.of(keys::getObject);
        this.problems = problems;
        this.openPrometheus = settings.openPrometheus();
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        String path = request.getRequestURI();
        return OPEN.contains(path) || OPEN_BELOW.matcher(path).matches() || (openPrometheus && path.equals(PROMETHEUS));
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        Optional<String> caller = presentedKey(request).flatMap(keys.get()::nameOf);
        if (caller.isPresent()) {
            RequestIdentity.of(request).calledBy(caller.get(), request);
            chain.doFilter(request, response);
        } else {
            problems.write(unauthenticated(request), response);
        }
    }

    private static Optional<String> presentedKey(HttpServletRequest request) {
        return Optional.ofNullable(request.getHeader(HttpHeaders.AUTHORIZATION))
                .map(BEARER::matcher)
                .filter(matcher -> matcher.matches())
                .map(matcher -> matcher.group(1));
    }

    private static Problem unauthenticated(HttpServletRequest request) {
        return Problems.unauthenticated(
                request.getHeader(HttpHeaders.AUTHORIZATION) == null
                        ? "The header Authorization is missing; send Authorization: Bearer and an API key."
                        : "The header Authorization does not hold Bearer and an API key of this ledger.");
    }
}
