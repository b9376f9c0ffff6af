package dev.usageledger.bench;

import dev.usageledger.engine.LedgerSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Measures one row after the other, each in a ledger that starts empty, and tells how it goes. */
final class Benchmark {
    private static final Set<Row> OVER_HTTP = Set.of(Row.HTTP, Row.WRK, Row.BULK, Row.USAGE);

    /** The most events that callers in bulk have sent at a time, all together: answered well within a measurement. */
    private static final int MOST_IN_BULK = 12_800;

    private final Database database;
    private final Plan plan;
    private final Path home;
    private final PageCache pageCache;
    private final Results results = new Results();
    private int cells;

    /** @param home where the ledger's sources are */
    Benchmark(Database database, Plan plan, Path home) {
        this.database = database;
        this.plan = plan;
        this.home = home;
        this.pageCache = new PageCache(database.file("page-cache"));
    }

    /** @throws BenchmarkFailedException when anything was not as it must be, whatever its speed */
    Results run() throws Exception {
        System.out.println("Making use of the memory that is free, as a server does that has been up for a while …");
        pageCache.fill(plan.memory());
        if (measures(Row.BARE)) {
            Load load = load(Shape.HOT, 1, 1);
            measure(Row.BARE, new BareCommitWay(database), load, List.of(load), null);
        }
        if (measures(Row.LEGACY)) {
            measure(Row.LEGACY, new LegacyWay(database, plan.organizations()), usual(), oneByOne(), null);
        }
        if (measures(Row.AXON)) {
            inProcess(Row.AXON, LedgerSettings.STANDARD.withoutLanes());
        }
        if (measures(Row.LANES)) {
            inProcess(Row.LANES, LedgerSettings.STANDARD);
        }
        if (plan.rows().stream().anyMatch(OVER_HTTP::contains)) {
            overHttp();
        }
        if (measures(Row.GROWTH)) {
            new Growth(database, plan, this).run();
        }
        return results;
    }

    private boolean measures(Row row) {
        return plan.rows().contains(row);
    }

    private void inProcess(Row row, LedgerSettings settings) throws Exception {
        startAnew();
        measure(row, new EngineWay(database, settings), usual(), oneByOne(), null);
    }

    private void overHttp() throws Exception {
        startAnew();
        try (Service service = Service.start(database)) {
            warmUp(service);
            if (measures(Row.HTTP)) {
                measure(Row.HTTP, new HttpWay(database, service, RecordRequests::new), usual(), oneByOne(), service);
            }
            if (measures(Row.WRK)) {
                byWrk(service);
            }
            if (measures(Row.BULK)) {
                inBulk(service);
            }
            if (measures(Row.USAGE)) {
                measure(Row.USAGE, new UsageWay(service), usual(), List.of(usual()), service);
            }
        }
    }

    private void inBulk(Service service) throws Exception {
        Load warmUp = bulk(Shape.SPREAD, plan.usualClients());
        measure(Row.BULK, new HttpWay(database, service, BulkRequests::new), warmUp, forAll(this::bulk), service);
    }

    private void byWrk(Service service) throws Exception {
        if (!Wrk.isInstalled()) {
            System.out.println("wrk is not installed, so nothing is measured by it.");
            return;
        }
        Wrk wrk = new Wrk(database, service, home.resolve("ledger-bench/wrk/record.lua"));
        for (int run = 0; run < plan.runs(); run++) {
            for (Shape shape : Shape.values()) {
                Load load = load(shape, plan.usualClients(), 1);
                database.awaitReadModels();
                add(new Case(Row.WRK, load), wrk.run(load));
            }
        }
    }

    /** An empty ledger but for the organizations that loads use. */
    void startAnew() throws Exception {
        database.empty();
        pageCache.fill(plan.memory());
        EngineWay.openOrganizations(database, plan.organizations());
    }

    /** The load that most of what is to be reached is said about. */
    Load usual() {
        return load(Shape.SPREAD, plan.usualClients(), 1);
    }

    private List<Load> oneByOne() {
        return forAll((shape, clients) -> load(shape, clients, 1));
    }

    private Load bulk(Shape shape, int clients) {
        return load(shape, clients, Math.min(plan.bulk(), MOST_IN_BULK / clients));
    }

    private List<Load> forAll(BiFunction<Shape, Integer, Load> of) {
        List<Load> loads = new ArrayList<>();
        for (Shape shape : Shape.values()) {
            plan.clients().forEach(clients -> loads.add(of.apply(shape, clients)));
        }
        return loads;
    }

    /** A load whose number is new. */
    Load load(Shape shape, int clients, int perRequest) {
        int organizations = shape == Shape.HOT ? 1 : plan.organizations();
        return new Load(++cells, shape, organizations, clients, perRequest, plan.leadIn(), plan.time());
    }

    private void measure(Row row, Way measured, Load warmUp, List<Load> loads, @Nullable Service service)
            throws Exception {
        try (Way way = measured) {
            warmUp(way, warmUp);
            for (int run = 0; run < plan.runs(); run++) {
                for (Load load : loads) {
                    measure(new Case(row, load), way, load, service);
                }
            }
        }
    }

    private void warmUp(Service service) throws Exception {
        try (Way way = new HttpWay(database, service, RecordRequests::new)) {
            warmUp(way, usual(), plan.serviceWarmUp());
        }
    }

    void warmUp(Way way, Load load) throws Exception {
        warmUp(way, load, plan.warmUp());
    }

    private void warmUp(Way way, Load load, Duration time) throws Exception {
        way.run(load(load.shape(), load.clients(), load.perRequest()).lasting(Duration.ZERO, time));
    }

    void measure(Case measured, Way way, Load load, @Nullable Service service) throws Exception {
        database.awaitReadModels();
        Cores.Meter meter = new Cores.Meter(database, service);
        Load renumbered = load(load.shape(), load.clients(), load.perRequest()).lasting(load.leadIn(), load.time());
        Tally tally = way.run(renumbered);
        Figures figures = Figures.of(tally, meter.read(), database.behind());
        way.verify(tally);
        add(measured, figures);
    }

    private void add(Case measured, Figures figures) {
        if (figures.acknowledged() == 0) {
            throw new BenchmarkFailedException("nothing was acknowledged: " + measured.label());
        }
        System.out.print(Report.line(measured, figures));
        results.add(measured, figures);
    }

    Results results() {
        return results;
    }
}
