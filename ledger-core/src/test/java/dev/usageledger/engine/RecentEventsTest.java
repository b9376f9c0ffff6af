package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RecentEventsTest {
    private final RecentEvents recent = new RecentEvents();

    @Test
    void what_follows_is_given_up_to_the_first_gap() {
        recent.add(events(11, 12, 13, 15));

        assertThat(positions(10, 2)).containsExactly(11L, 12L);
        assertThat(positions(12, 100)).containsExactly(13L);
        assertThat(positions(13, 100)).isEmpty();
        assertThat(positions(14, 100)).containsExactly(15L);
        assertThat(positions(9, 100)).isEmpty();
    }

    @Test
    void what_is_long_past_is_forgotten_and_never_taken_for_what_is_asked() {
        recent.add(events(1, 2, 3));
        long last = RecentEvents.MOST + 100;
        recent.add(events(LongStream.rangeClosed(3, last).toArray()));

        assertThat(positions(0, 10)).isEmpty();
        assertThat(positions(100, Integer.MAX_VALUE)).hasSize(RecentEvents.MOST);
        assertThat(positions(last, 10)).isEmpty();
    }

    @Test
    void what_has_been_taken_is_in_the_store_alone() {
        recent.add(events(1, 2, 3));

        assertThat(positions(0, 2)).containsExactly(1L, 2L);
        assertThat(positions(0, 2)).isEmpty();
        assertThat(positions(2, 2)).containsExactly(3L);
    }

    private List<Long> positions(long after, int limit) {
        return recent.take(after, limit).stream().map(RecordedEvent::position).toList();
    }

    private static List<RecordedEvent> events(long... positions) {
        return LongStream.of(positions)
                .mapToObj(position -> new RecordedEvent(
                        position,
                        new OrganizationId("acme"),
                        position,
                        new UUID(0, position),
                        new MemberAdded(Instant.EPOCH, new UserId("u" + position)),
                        Map.of()))
                .toList();
    }
}
