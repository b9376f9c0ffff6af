package dev.usageledger.organization;

/** A person as the caller knows them: opaque here, never an e-mail address. */
public record UserId(String value) {
    public UserId {
        Identifiers.require("userId", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
