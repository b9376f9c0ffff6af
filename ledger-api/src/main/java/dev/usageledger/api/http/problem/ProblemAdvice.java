package dev.usageledger.api.http.problem;

import dev.usageledger.api.http.request.BodyTooLargeException;
import dev.usageledger.api.http.request.Fault;
import dev.usageledger.api.http.request.InvalidRequestException;
import dev.usageledger.api.http.request.UnsupportedBodyException;
import dev.usageledger.engine.BeforeOpeningException;
import dev.usageledger.engine.LedgerUnavailableException;
import dev.usageledger.projections.InvalidCursorException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.http.ResponseEntity;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.web.ErrorResponse;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;

/** Turns whatever stops a request into a problem; nothing of the inside is told. */
@RestControllerAdvice
class ProblemAdvice {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemAdvice.class);
    private static final long SECONDS_BETWEEN_WARNINGS = 10;

    private final AtomicLong warnedAtSecond = new AtomicLong(Long.MIN_VALUE);

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> problem(ProblemException e) {
        return e.problem().toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> invalid(InvalidRequestException e) {
        return Problems.invalid(e.faults()).toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> invalid(InvalidCursorException e) {
        Fault fault = new Fault(Fault.Part.QUERY, "/cursor", String.valueOf(e.getMessage()));
        return Problems.invalid(List.of(fault)).toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> beforeOpening(BeforeOpeningException e) {
        return new Problem(
                        ProblemType.BEFORE_OPENING,
                        "The question is about %s, and the ledger was opened at %s.".formatted(e.asked(), e.openedAt()),
                        Map.of("asked", e.asked(), "openedAt", e.openedAt()))
                .toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> tooLarge(BodyTooLargeException e) {
        return new Problem(
                        ProblemType.PAYLOAD_TOO_LARGE,
                        "A body may have at most %d bytes.".formatted(e.limit()),
                        Map.of("limit", e.limit()))
                .toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> unsupported(UnsupportedBodyException e) {
        return new Problem(ProblemType.UNSUPPORTED_MEDIA_TYPE, String.valueOf(e.getMessage())).toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> unavailable(LedgerUnavailableException e) {
        warnNowAndThen(e);
        return Problems.unavailable(e).toResponse();
    }

    @ExceptionHandler({DataAccessResourceFailureException.class, TransientDataAccessException.class})
    ResponseEntity<Map<String, @Nullable Object>> unavailable(DataAccessException e) {
        warnNowAndThen(e);
        return Problems.unavailable("the database is out of reach or too busy").toResponse();
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> completed(CompletionException e) {
        return e.getCause() instanceof LedgerUnavailableException unavailable ? unavailable(unavailable) : mistake(e);
    }

    /** The connection is gone, so there is nobody to tell. */
    @ExceptionHandler
    void gone(IOException e) {
        LOG.debug("The caller hung up: {}", e.toString());
    }

    /** As {@link #gone}, where the caller hung up while the answer was being written. */
    @ExceptionHandler
    @Nullable
    ResponseEntity<Map<String, @Nullable Object>> unwritten(HttpMessageNotWritableException e) {
        if (e.getMostSpecificCause() instanceof IOException hungUp) {
            gone(hungUp);
            return null;
        }
        return mistake(e);
    }

    @ExceptionHandler
    ResponseEntity<Map<String, @Nullable Object>> mistake(Exception e) {
        if (e instanceof ErrorResponse refused && refused.getStatusCode().is4xxClientError()) {
            return Problems.ofStatus(refused.getStatusCode().value()).toResponse(refused.getHeaders());
        }
        LOG.error("Answered 500", e);
        return Problems.ofStatus(500).toResponse();
    }

    // A full ledger refuses thousands a second; a line for each would only make it fuller.
    private void warnNowAndThen(RuntimeException e) {
        long second = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
        long warned = warnedAtSecond.get();
        if ((warned == Long.MIN_VALUE || second - warned >= SECONDS_BETWEEN_WARNINGS)
                && warnedAtSecond.compareAndSet(warned, second)) {
            LOG.warn("Answering 503: {}", e.toString());
        }
    }
}
