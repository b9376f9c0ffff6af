package dev.usageledger.api.cli;

import dev.usageledger.projections.rebuild.RebuildProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells on the standard error how far something has come: as a bar that is drawn again and again where a person looks on,
 * as a line every few seconds where it goes into a file.
 */
final class ProgressBar implements AutoCloseable {
    private static final int WIDTH = 30;
    private static final long REDRAW_MILLIS = 200;
    private static final long LINE_MILLIS = 5_000;

    private final String what;
    private final RebuildProgress progress;
    private final PrintStream to;
    private final boolean redraws;
    private final LongSupplier nanoTime;
    private final long started;
    private final ScheduledExecutorService ticker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("progress").daemon().factory());

    ProgressBar(String what, RebuildProgress progress, PrintStream to, boolean redraws, LongSupplier nanoTime) {
        this.what = what;
        this.progress = progress;
        this.to = to;
        this.redraws = redraws;
        this.nanoTime = nanoTime;
        this.started = nanoTime.getAsLong();
    }

    static ProgressBar of(String what, RebuildProgress progress) {
        boolean redraws = Boolean.getBoolean("ledger.terminal");
        var bar = new ProgressBar(what, progress, System.err, redraws, System::nanoTime);
        long every = redraws ? REDRAW_MILLIS : LINE_MILLIS;
        bar.ticker.scheduleAtFixedRate(bar::show, every, every, TimeUnit.MILLISECONDS);
        return bar;
    }

    /** Shows nothing before there is anything to tell. */
    void show() {
        if (progress.events() == 0) {
            return;
        }
        if (redraws) {
            to.print("\r" + text() + " ");
        } else {
            to.println(text());
        }
        to.flush();
    }

    String text() {
        double share = progress.share();
        double seconds = (nanoTime.getAsLong() - started) / 1e9;
        long rate = seconds > 0 ? Math.round(progress.events() / seconds) : 0;
        String bar = redraws ? " [%s]".formatted(bar(share)) : "";
        return "%s%s %3d %%  %,d events  %,d/s  %s"
                .formatted(what, bar, (int) (100 * share), progress.events(), rate, left(share, seconds));
    }

    private static String bar(double share) {
        int filled = (int) (WIDTH * share);
        return "#".repeat(filled) + "-".repeat(WIDTH - filled);
    }

    private static String left(double share, double seconds) {
        if (share <= 0) {
            return "";
        }
        Duration left = Duration.ofSeconds(Math.round(seconds * (1 - share) / share));
        return "%d:%02d left".formatted(left.toMinutes(), left.toSecondsPart());
    }

    /** Shows it a last time. */
    @Override
    public void close() {
        ticker.shutdownNow();
        show();
        if (redraws && progress.events() > 0) {
            to.println();
        }
    }
}
