package dev.usageledger.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.bench.Results.ColdLoad;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.LedgerSettings;
import dev.usageledger.engine.Standing;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.OrganizationId;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.DoubleStream;

/** What a command costs, and how long a history takes to load, as the ledger grows. It is filled with real commands. */
final class Growth {
    private static final int COLD_LOADS = 9;

    private final Database database;
    private final Plan plan;
    private final Benchmark benchmark;

    Growth(Database database, Plan plan, Benchmark benchmark) {
        this.database = database;
        this.plan = plan;
        this.benchmark = benchmark;
    }

    void run() throws Exception {
        warmUp();
        measureWhileSmall(plan.sizes().getFirst());
        benchmark.startAnew();
        try (EngineWay way = new EngineWay(database, LedgerSettings.STANDARD)) {
            fillHistories(way.ledger());
            for (long size : plan.sizes().subList(1, plan.sizes().size())) {
                measureAt(size, way, plan.runs());
            }
            database.awaitReadModels();
            for (long events : plan.histories()) {
                benchmark.results().add(new ColdLoad(events, coldLoadMillis(events)));
            }
        }
    }

    private void warmUp() throws Exception {
        benchmark.startAnew();
        try (EngineWay way = new EngineWay(database, LedgerSettings.STANDARD)) {
            benchmark.warmUp(way, benchmark.usual());
        }
    }

    /** One run makes a small ledger many times as large, so each has a ledger of its own. */
    private void measureWhileSmall(long size) throws Exception {
        for (int run = 0; run < plan.runs(); run++) {
            benchmark.startAnew();
            try (EngineWay way = new EngineWay(database, LedgerSettings.STANDARD)) {
                measureAt(size, way, 1);
            }
        }
    }

    private void measureAt(long size, EngineWay way, int runs) throws Exception {
        fill(way.ledger(), size - database.number("SELECT count(*) FROM ledger.events"));
        // Read models write what has come together for a while, so it takes a while until they cost what they cost.
        Load load = benchmark.usual().lasting(plan.time(), plan.time());
        bringIntoMemory(load, way.ledger());
        for (int run = 0; run < runs; run++) {
            benchmark.measure(new Case(Row.GROWTH, load.shape(), load.clients(), 1, size), way, load, null);
        }
    }

    /** Whoever has just filled a ledger has all of its organizations in memory; size is to be the only difference. */
    private static void bringIntoMemory(Load load, Ledger ledger) {
        for (int number = 0; number < load.organizations(); number++) {
            OrganizationId organization = new OrganizationId(load.shape().organization(number));
            if (ledger.standing(organization, Commands.now()).isEmpty()) {
                throw new BenchmarkFailedException(organization + " is not there");
            }
        }
    }

    private void fill(Ledger ledger, long events) throws InterruptedException {
        Load load = benchmark.usual();
        Commands.sendAll(ledger, events, number -> {
            int organization = ThreadLocalRandom.current().nextInt(load.organizations());
            return Commands.record(load.shape().organization(organization), load.transcriptionId(0, number));
        });
    }

    private void fillHistories(Ledger ledger) throws InterruptedException {
        for (long events : plan.histories()) {
            Load load = benchmark.usual();
            String organization = organizationWith(events);
            Commands.sendAll(
                    ledger,
                    events,
                    number -> number == 0
                            ? Commands.open(organization)
                            : Commands.record(organization, load.transcriptionId(0, number)));
        }
    }

    private static String organizationWith(long events) {
        return "history-" + events;
    }

    /** As after a restart: the database is warm, and this organization is not in memory. */
    private double coldLoadMillis(long events) {
        try (HikariDataSource pool = database.pool(1)) {
            return DoubleStream.generate(() -> loadMillis(pool, events))
                    .limit(COLD_LOADS)
                    .sorted()
                    .skip(COLD_LOADS / 2)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static double loadMillis(HikariDataSource pool, long events) {
        OrganizationId organization = new OrganizationId(organizationWith(events));
        try (Ledger ledger = new Ledger(pool, LedgerPolicy.STANDARD)) {
            long start = System.nanoTime();
            Standing standing = ledger.standing(organization, Commands.now()).orElseThrow();
            long nanos = System.nanoTime() - start;
            requireUsed(Commands.MINUTES * (events - 1), standing);
            return nanos / 1e6;
        }
    }

    private static void requireUsed(long minutes, Standing standing) {
        long used = standing.balance().used().value();
        if (used != minutes) {
            throw new BenchmarkFailedException("%d minutes were recorded, %d are used".formatted(minutes, used));
        }
    }
}
