package dev.usageledger.projections;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/** A table that is derived from events: given the same steps, however they are split, it holds the same rows. */
public interface ReadModel {
    /** Name of its table, without the schema. */
    String table();

    /**
     * Takes steps into the table, in the caller's transaction. Those of one organization come in order of position, and
     * each exactly once: whoever calls this has dropped what was delivered before. A batch is folded in memory and written once per row.
     */
    void apply(List<Step> steps, Connection connection) throws SQLException;

    /**
     * Whether it has to see each step. If not, an organization's first step in a batch and its last are enough, however
     * much was between them.
     */
    default boolean needsEveryStep() {
        return true;
    }
}
