package dev.usageledger.projections.usage;

/** In which order to list organizations. */
public enum OrganizationOrder {
    /** Those opened last first. */
    NEWEST,
    /** Those with the fewest minutes left first, unlimited ones last. */
    LEAST_REMAINING,
    /** Those that have used the largest share of their capacity first, unlimited ones last. */
    MOST_USED
}
