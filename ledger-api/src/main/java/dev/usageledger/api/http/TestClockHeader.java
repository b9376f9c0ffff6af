package dev.usageledger.api.http;

import dev.usageledger.api.clock.TestClock;
import jakarta.servlet.http.HttpServletResponse;

/** Says with every answer what time it is, where that is not the world's. */
public final class TestClockHeader {
    private static final String NAME = "Ledger-Test-Clock";

    private TestClockHeader() {}

    public static void set(HttpServletResponse response, TestClock clock) {
        response.setHeader(NAME, clock.instant().toString());
    }
}
