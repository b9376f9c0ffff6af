package dev.usageledger.audit;

/**
 * The first event of an organization that is not as it was recorded. What comes after it cannot be told from the chain
 * alone.
 *
 * @param sequence where it stands, or should
 * @param says what is wrong with it, in a sentence
 */
public record Finding(String organizationId, long sequence, Kind kind, String says) {
    /** What can be wrong. */
    public enum Kind {
        /** Its hash is not that of what it says behind the event before it. */
        CHANGED,
        /** It is not there, and later ones or a signed head say that it was. */
        MISSING,
        /** It stands before an earlier event in the order of the whole ledger. */
        MISPLACED,
        /** Its chain is sound, and another than the one whose head was signed. */
        REWRITTEN
    }
}
