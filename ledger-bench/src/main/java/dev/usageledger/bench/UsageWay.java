package dev.usageledger.bench;

/** Asking the service for an organization's usage, exact as of the last commit. */
final class UsageWay implements Way {
    private final Service service;

    UsageWay(Service service) {
        this.service = service;
    }

    @Override
    public Tally run(Load load) throws Exception {
        return HttpClients.run(load, service.address(), client -> new UsageRequests(load, client));
    }

    /** Nothing was recorded. */
    @Override
    public void verify(Tally tally) {}

    @Override
    public void close() {}
}
