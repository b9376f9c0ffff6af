package dev.usageledger.api.demo;

import dev.usageledger.api.BannerLine;
import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.engine.Answer;
import dev.usageledger.engine.EventQuery;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.springframework.boot.ApplicationArguments;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Fills an empty ledger with {@link DemoWorld}, by the same commands that callers send. A ledger that has it is left as
 * it is, one that was killed before it had all of it gets the rest, and one with a history of its own gets nothing.
 */
@Component
@ConditionalOnProperty(name = "ledger.demo", havingValue = "true")
@Order(Ordered.HIGHEST_PRECEDENCE)
class Demo implements ApplicationRunner, BannerLine.Source {
    static final Origin ORIGIN = new Origin("demo", "demo", "demo: made up, to have something to look at");

    private static final int LONGEST_STORY = 1_000;

    private final Ledger ledger;
    private final MemberEmails emails;
    private final InstantSource clock;
    private String outcome = "";

    Demo(Ledger ledger, MemberEmails emails, InstantSource clock) {
        this.ledger = ledger;
        this.emails = emails;
        this.clock = clock;
    }

    @Override
    public void run(ApplicationArguments arguments) {
        Optional<Instant> begun = begun();
        if (begun.isEmpty() && ledger.head() > 0) {
            outcome = "not filled in, since this ledger has a history of its own; name an empty directory with --data";
            return;
        }
        Instant moment = begun.orElseGet(() -> clock.instant().truncatedTo(ChronoUnit.SECONDS));
        List<Story> world = DemoWorld.asOf(moment);
        if (ledger.standing(DemoWorld.LAST, clock.instant()).isEmpty()) {
            world.forEach(this::tell);
        }
        outcome = "%d made-up organizations, demo-…, as of %s".formatted(world.size(), moment);
    }

    /** The moment that the world of this ledger was made for, as its first event tells. */
    private Optional<Instant> begun() {
        return lastTold(new EventQuery(DemoWorld.FIRST, 1L, 1)).map(opened -> opened.plus(DemoWorld.AGE));
    }

    private Optional<Instant> lastTold(EventQuery query) {
        return ledger.events(query).stream()
                .filter(event -> ORIGIN.actor().equals(event.metadata().get("actor")))
                .map(recorded -> recorded.event().recordedAt())
                .findFirst();
    }

    private void tell(Story story) {
        // What was told is not told again: a member who has left by now would come back.
        Instant told = lastTold(new EventQuery(story.organizationId(), null, LONGEST_STORY))
                .orElse(Instant.MIN);
        List<CompletableFuture<Answer>> answers = story.commands().stream()
                .filter(command -> !command.receivedAt().isBefore(told))
                .map(command -> ledger.send(command, ORIGIN))
                .toList();
        for (CompletableFuture<Answer> answer : answers) {
            if (answer.join() instanceof Answer.Refused refused) {
                throw new IllegalStateException(
                        "the demo tells what cannot be: %s %s".formatted(story.organizationId(), refused.rejection()));
            }
        }
        story.emails().forEach((userId, email) -> emails.keep(story.organizationId(), userId, email));
    }

    @Override
    public Stream<BannerLine> lines() {
        return Stream.of(new BannerLine("Demo", outcome));
    }
}
