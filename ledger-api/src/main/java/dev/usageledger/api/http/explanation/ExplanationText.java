package dev.usageledger.api.http.explanation;

import dev.usageledger.api.http.explanation.ExplanationView.FiguresView;
import dev.usageledger.api.http.explanation.ExplanationView.LineView;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** An explanation as a text that can be sent to a customer: a table of changes, the balance, and what it means. */
final class ExplanationText {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("d MMM uuuu HH:mm", Locale.ENGLISH);
    private static final String ROW = "%-17s %11s %11s %11s %11s %11s  %s";

    private final ExplanationView explanation;
    private final ZoneId zone;

    private ExplanationText(ExplanationView explanation) {
        this.explanation = explanation;
        this.zone = explanation.usage().period().zone();
    }

    static String of(ExplanationView explanation) {
        return new ExplanationText(explanation).text();
    }

    private String text() {
        Stream<String> rows = Stream.concat(
                Stream.of(ROW.formatted("", "base", "overage", "held", "used", "uncovered", "")
                        .stripTrailing()),
                explanation.lines().stream().map(line -> row(time(line.at()), line.change(), line.text(), true)));
        LineView last = explanation.lines().getLast();
        boolean isWhole = explanation.next() == null;
        Instant until = isWhole ? explanation.usage().asOf() : last.at();
        String total = row(time(until), last.balance(), isWhole ? "Balance" : "Carried forward", false);
        return """
                %s: minutes from %s to %s, as of %s (%s)

                %s
                %s
                %s
                """.formatted(
                explanation.usage().name(),
                time(explanation.usage().period().start()),
                time(explanation.usage().period().end()),
                time(explanation.usage().asOf()),
                zone,
                rows.collect(Collectors.joining("\n")),
                total,
                isWhole ? "\n" + explanation.usage().message() : "\nMore follows: cursor=" + explanation.next());
    }

    private static String row(String time, FiguresView figures, String text, boolean isChange) {
        return ROW.formatted(
                time,
                number(figures.base(), isChange),
                number(figures.overage(), isChange),
                number(figures.held(), isChange),
                number(figures.used(), isChange),
                number(figures.uncovered(), isChange),
                text);
    }

    private static String number(long minutes, boolean isChange) {
        if (!isChange) {
            return Long.toString(minutes);
        }
        return minutes == 0 ? "" : "%+d".formatted(minutes);
    }

    private String time(Instant instant) {
        return TIME.format(instant.atZone(zone));
    }
}
