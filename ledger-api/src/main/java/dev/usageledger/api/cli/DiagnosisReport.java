package dev.usageledger.api.cli;

import dev.usageledger.api.diagnosis.Check;
import dev.usageledger.api.diagnosis.Diagnosis;
import dev.usageledger.api.diagnosis.NextStep;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A diagnosis as people read it in a terminal: the verdict, then each check with ✓ or ✗, then what to do. */
final class DiagnosisReport {
    private static final String FOUND_NOTHING = "✓";
    private static final String FOUND_SOMETHING = "✗";

    private final Diagnosis diagnosis;
    private final boolean hasMarks;
    private final boolean several;

    private DiagnosisReport(Diagnosis diagnosis, Charset charset) {
        this.diagnosis = diagnosis;
        this.hasMarks = charset.newEncoder().canEncode(FOUND_NOTHING + FOUND_SOMETHING);
        this.several = organizations(diagnosis.checks()) > 1;
    }

    /** @param charset what the terminal can show: without the marks it gets words */
    static String of(Diagnosis diagnosis, Charset charset) {
        return new DiagnosisReport(diagnosis, charset).text();
    }

    private String text() {
        Stream<String> checks = diagnosis.checks().stream().map(this::line);
        return Stream.of(
                        Stream.of(diagnosis.verdict(), ""),
                        checks,
                        Stream.of(""),
                        whatToDo(),
                        Stream.of("As of " + diagnosis.asOf() + "."))
                .flatMap(lines -> lines)
                .collect(Collectors.joining(System.lineSeparator(), "", System.lineSeparator()));
    }

    private String line(Check check) {
        String organization = several && check.organizationId() != null ? check.organizationId() + ": " : "";
        return "  %s %-13s  %s%s".formatted(mark(check), check.check().code(), organization, check.sentence());
    }

    private String mark(Check check) {
        if (hasMarks) {
            return check.passes() ? FOUND_NOTHING : FOUND_SOMETHING;
        }
        return check.passes() ? "ok  " : "FAIL";
    }

    private Stream<String> whatToDo() {
        List<NextStep> next = diagnosis.next();
        if (next.isEmpty()) {
            return Stream.of("There is nothing to do.", "");
        }
        Stream<String> steps = IntStream.range(0, next.size())
                .mapToObj(i -> "  %d. %s".formatted(i + 1, next.get(i).sentence()));
        return Stream.concat(Stream.of("What to do:"), Stream.concat(steps, Stream.of("")));
    }

    private static long organizations(List<Check> checks) {
        return checks.stream()
                .map(Check::organizationId)
                .filter(Objects::nonNull)
                .distinct()
                .count();
    }
}
