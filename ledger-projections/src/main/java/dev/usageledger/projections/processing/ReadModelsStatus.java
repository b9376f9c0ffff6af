package dev.usageledger.projections.processing;

import org.jspecify.annotations.Nullable;

/**
 * How the read models are doing.
 *
 * @param position of the last event that they contain
 * @param head position of the ledger's last event
 * @param running whether this node takes part in updating them; at any time one node does it
 * @param error why this node cannot at present; it tries again by itself. {@code null} when all is well
 */
public record ReadModelsStatus(
        long position, long head, boolean running, @Nullable String error) {
    /** How many positions they are behind; 0 when they contain everything. */
    public long lag() {
        return Math.max(0, head - position);
    }

    /** Whether they are being updated, as far as this node can tell. */
    public boolean isLive() {
        return running && error == null;
    }
}
