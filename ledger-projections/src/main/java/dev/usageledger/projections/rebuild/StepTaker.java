package dev.usageledger.projections.rebuild;

import dev.usageledger.engine.OrganizationRange;
import dev.usageledger.projections.Step;
import java.sql.Connection;
import java.sql.SQLException;

/** Looks at each step of a replay as it passes. */
interface StepTaker {
    void take(Step step);

    /** After the last step. */
    void finish();

    /** Makes one for each range of organizations. */
    @FunctionalInterface
    interface PerRange {
        PerRange NONE = (connection, organizations, position) -> new StepTaker() {
            @Override
            public void take(Step step) {}

            @Override
            public void finish() {}
        };

        /** @param position of the last event that will be taken */
        StepTaker begin(Connection connection, OrganizationRange organizations, long position) throws SQLException;
    }
}
