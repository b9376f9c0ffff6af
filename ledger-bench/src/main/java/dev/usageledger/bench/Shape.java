package dev.usageledger.bench;

/** Whose usage is recorded: everybody's by turns, or one organization's. */
enum Shape {
    SPREAD,
    HOT;

    /** The identifier of an organization, always of the same length. */
    String organization(int number) {
        return "%s-%05d".formatted(label(), number);
    }

    String label() {
        return this == SPREAD ? "spread" : "hot";
    }
}
