package dev.usageledger.bench;

/** What is measured. */
enum Row {
    BARE("one INSERT, COMMIT"),
    LEGACY("legacy way, no HTTP"),
    AXON("Axon as it comes, in process"),
    LANES("lanes, in process"),
    HTTP("over HTTP, one by one"),
    WRK("the same, by wrk"),
    BULK("over HTTP, in bulk"),
    USAGE("GET usage"),
    GROWTH("lanes, in process, as it grows");

    private final String label;

    Row(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
