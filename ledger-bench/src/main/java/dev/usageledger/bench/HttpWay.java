package dev.usageledger.bench;

import java.util.function.BiFunction;

/** Usage that is sent to the service, which runs in a process of its own. */
final class HttpWay implements Way {
    private final Database database;
    private final Service service;
    private final BiFunction<Load, Integer, Requests> requests;
    private long headBefore;

    HttpWay(Database database, Service service, BiFunction<Load, Integer, Requests> requests) {
        this.database = database;
        this.service = service;
        this.requests = requests;
    }

    @Override
    public Tally run(Load load) throws Exception {
        headBefore = database.head();
        return HttpClients.run(load, service.address(), client -> requests.apply(load, client));
    }

    @Override
    public void verify(Tally tally) throws Exception {
        ExactlyOnce.check(tally, database, headBefore);
    }

    /** The service has other rows to serve. */
    @Override
    public void close() {}
}
