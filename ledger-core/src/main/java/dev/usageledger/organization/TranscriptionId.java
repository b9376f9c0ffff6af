package dev.usageledger.organization;

/** One transcription of an organization: the idempotency key of recording its usage. */
public record TranscriptionId(String value) {
    public TranscriptionId {
        Identifiers.require("transcriptionId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
