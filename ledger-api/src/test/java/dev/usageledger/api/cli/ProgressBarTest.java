package dev.usageledger.api.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.projections.rebuild.RebuildProgress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final RebuildProgress progress = new RebuildProgress();
    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private long now;

    @Test
    void tells_how_far_how_fast_and_how_much_longer() {
        ProgressBar bar = bar(false);
        progress.begin(2, 1_000);
        progress.passed(0, 500, 400);
        now = TimeUnit.SECONDS.toNanos(4);

        assertThat(bar.text()).isEqualTo("Rebuilding  25 %  400 events  100/s  0:12 left");
    }

    @Test
    void draws_a_bar_over_and_over_where_somebody_looks_on() {
        ProgressBar bar = bar(true);
        progress.begin(1, 1_000);
        progress.passed(0, 500, 400);
        now = TimeUnit.SECONDS.toNanos(1);
        bar.show();
        bar.close();

        assertThat(shown.toString(StandardCharsets.UTF_8))
                .contains("\rRebuilding [###############---------------]  50 %  400 events")
                .endsWith(System.lineSeparator());
    }

    private ProgressBar bar(boolean redraws) {
        return new ProgressBar(
                "Rebuilding", progress, new PrintStream(shown, true, StandardCharsets.UTF_8), redraws, () -> now);
    }
}
