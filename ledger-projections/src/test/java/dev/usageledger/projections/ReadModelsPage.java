package dev.usageledger.projections;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** {@code docs/read-models.md}, which people copy queries from. */
public final class ReadModelsPage {
    private static final Path FILE = Path.of("..", "docs", "read-models.md");
    private static final Pattern SQL = Pattern.compile("```sql\n(.*?)```", Pattern.DOTALL);

    private ReadModelsPage() {}

    static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<String> queries() {
        return SQL.matcher(text()).results().map(found -> found.group(1)).toList();
    }

    /** The query that compares tables: each of its rows is a law and how often it is broken. */
    public static String lawsQuery() {
        return queries().stream()
                .filter(sql -> sql.contains("must_stay_at_zero"))
                .findFirst()
                .orElseThrow();
    }
}
