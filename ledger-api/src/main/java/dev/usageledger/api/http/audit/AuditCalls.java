package dev.usageledger.api.http.audit;

import static dev.usageledger.api.http.request.Fields.organizationId;

import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.ProblemType;
import dev.usageledger.api.http.request.Given;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.audit.AuditExport;
import dev.usageledger.audit.BrokenChainException;
import dev.usageledger.organization.OrganizationId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.InputStreamResource;
import org.springframework.core.io.Resource;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

@RestController
class AuditCalls {
    private static final String NDJSON = "application/x-ndjson";

    private final AuditExport export;

    AuditCalls(AuditExport export) {
        this.export = export;
    }

    @GetMapping(path = "/v1/organizations/{organizationId}/audit", produces = NDJSON)
    ResponseEntity<Resource> audit(Request request) throws IOException {
        var organizationId = organizationId(request);
        Given<Instant> from = request.query("from", Text::time);
        Given<Instant> to = request.query("to", Text::time);
        OrganizationId id = request.complete(() -> {
            requireOrder(from.orNull(), to.orNull());
            return organizationId.value();
        });
        Path file = written(id, from.orNull(), to.orNull(), request.receivedAt());
        return ResponseEntity.ok()
                .contentType(MediaType.parseMediaType(NDJSON))
                .contentLength(Files.size(file))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename(id + ".audit.ndjson")
                                .build()
                                .toString())
                .body(new InputStreamResource(Files.newInputStream(file, StandardOpenOption.DELETE_ON_CLOSE)));
    }

    private static void requireOrder(@Nullable Instant from, @Nullable Instant to) {
        if (from != null && to != null && !from.isBefore(to)) {
            throw new IllegalArgumentException("from must be before to");
        }
    }

    /** All of it before any is sent, so that what cannot be proved is answered by a problem. */
    private Path written(OrganizationId id, @Nullable Instant from, @Nullable Instant to, Instant now)
            throws IOException {
        Path file = Files.createTempFile("audit", ".ndjson");
        boolean complete = false;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file))) {
            complete = export.write(id, from, to, now, out);
        } catch (BrokenChainException e) {
            throw new ProblemException(new Problem(ProblemType.BROKEN_CHAIN, e.getMessage() + "."));
        } finally {
            if (!complete) {
                Files.delete(file);
            }
        }
        if (!complete) {
            throw ProblemException.organizationNotFound(id);
        }
        return file;
    }
}
