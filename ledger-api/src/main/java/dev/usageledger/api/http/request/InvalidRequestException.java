package dev.usageledger.api.http.request;

import java.util.List;

/** A request that nothing was done for, with all that is wrong with it. */
public final class InvalidRequestException extends RuntimeException {
    private final transient List<Fault> faults;

    public InvalidRequestException(List<Fault> faults) {
        super(faults.size() + " faults", null, false, false);
        this.faults = List.copyOf(faults);
    }

    public InvalidRequestException(Fault fault) {
        this(List.of(fault));
    }

    public List<Fault> faults() {
        return faults;
    }
}
