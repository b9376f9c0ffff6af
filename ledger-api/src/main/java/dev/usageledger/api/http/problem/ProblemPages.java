package dev.usageledger.api.http.problem;

import java.util.Arrays;
import java.util.stream.Collectors;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/** The pages behind the {@code type} of problems. They need no API key: whoever sees a problem may read about it. */
@RestController
class ProblemPages {
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    @GetMapping("/problems")
    ResponseEntity<String> all() {
        String list = Arrays.stream(ProblemType.values())
                .map(type -> "<li><a href=\"%s\"><code>%s</code></a> %d: %s</li>"
                        .formatted(type.path(), type.code(), type.status(), type.title()))
                .collect(Collectors.joining("\n"));
        return page("Problems", "<ul>\n" + list + "\n</ul>");
    }

    @GetMapping("/problems/{code}")
    ResponseEntity<?> one(@PathVariable String code) {
        return Arrays.stream(ProblemType.values())
                .filter(type -> type.code().equals(code))
                .findFirst()
                .<ResponseEntity<?>>map(ProblemPages::page)
                .orElseGet(() -> Problems.ofStatus(404).toResponse());
    }

    private static ResponseEntity<String> page(ProblemType type) {
        return page(
                type.title(),
                "<p><code>%s</code>, HTTP status %d</p>\n<p>%s</p>\n<p><a href=\"/problems\">All problems</a></p>"
                        .formatted(type.code(), type.status(), type.explanation()));
    }

    private static ResponseEntity<String> page(String title, String body) {
        return ResponseEntity.ok().contentType(HTML).body("""
                <!DOCTYPE html>
                <html lang="en">
                <head><meta charset="utf-8"><title>%s · Usage Ledger</title></head>
                <body>
                <h1>%s</h1>
                %s
                </body>
                </html>
                """.formatted(title, title, body));
    }
}
