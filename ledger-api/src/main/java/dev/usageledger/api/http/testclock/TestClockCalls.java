package dev.usageledger.api.http.testclock;

import dev.usageledger.api.clock.TestClock;
import dev.usageledger.api.due.DueWork;
import dev.usageledger.api.http.Lists;
import dev.usageledger.api.http.TestClockHeader;
import dev.usageledger.api.http.problem.Problem;
import dev.usageledger.api.http.problem.ProblemException;
import dev.usageledger.api.http.problem.ProblemType;
import dev.usageledger.api.http.request.Json;
import dev.usageledger.api.http.request.Request;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.engine.Ledger;
import jakarta.servlet.http.HttpServletResponse;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** Says and moves the time of a ledger that has a test clock; in any other these paths do not exist. */
@RestController
@ConditionalOnProperty("ledger.test-clock")
@RequestMapping(path = "/v1/test-clock", produces = "application/json")
class TestClockCalls {
    private final TestClock clock;
    private final DueWork due;
    private final Ledger ledger;
    private final Lists lists;

    TestClockCalls(InstantSource clock, DueWork due, Ledger ledger, Lists lists) {
        this.clock = (TestClock) clock;
        this.due = due;
        this.ledger = ledger;
        this.lists = lists;
    }

    record Time(Instant now) {}

    @GetMapping
    Time show(Request request) {
        return request.complete(() -> new Time(clock.instant()));
    }

    /** Whatever falls due on the way has happened, and is in the lists, when the answer comes. */
    @PostMapping
    Time move(Request request, HttpServletResponse response) {
        var now = request.body().required("now", Json.string(Text::time));
        Instant to = request.complete(now::value);
        if (!clock.move(to)) {
            throw new ProblemException(new Problem(
                    ProblemType.TEST_CLOCK_BACKWARDS,
                    "It is %s and cannot become %s.".formatted(clock.instant(), to),
                    Map.of("now", clock.instant(), "asked", to)));
        }
        letDueHappen(to);
        TestClockHeader.set(response, clock);
        return new Time(clock.instant());
    }

    private void letDueHappen(Instant now) {
        lists.await(ledger.head());
        due.run(now);
        lists.await(ledger.head());
    }
}
