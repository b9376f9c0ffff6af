package dev.usageledger.organization;

/** One correction of a transcription's cost: its idempotency key within the organization. */
public record CorrectionId(String value) {
    public CorrectionId {
        Identifiers.require("correctionId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
