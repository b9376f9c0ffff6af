package dev.usageledger.projections.reservations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.projections.processing.ProjectionTest;
import dev.usageledger.projections.reservations.ReservationRow.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ReservationsTest extends ProjectionTest {
    private final ReservationQuery query = new ReservationQuery(database);

    @BeforeEach
    void an_open_hold() {
        history.opens("acme", 100).reserves("acme", "r1", 30);
        project();
    }

    @Test
    void a_hold_is_open_until_it_ends() {
        ReservationRow r1 = reservation("r1");
        assertThat(r1.status()).isEqualTo(Status.OPEN);
        assertThat(r1.minutes()).isEqualTo(30);
        assertThat(r1.reservedAt()).isEqualTo("2026-01-31T00:00:00Z");
        assertThat(r1.expiresAt()).isEqualTo("2026-01-31T02:00:00Z");
        assertThat(r1.endedAt()).isNull();
    }

    @Test
    void a_settled_hold_names_the_transcription() {
        history.at("2026-01-31T01:00:00Z").records("acme", "t1", 25, null, "r1");
        project();

        ReservationRow r1 = reservation("r1");
        assertThat(r1.status()).isEqualTo(Status.SETTLED);
        assertThat(r1.transcriptionId()).isEqualTo("t1");
        assertThat(r1.endedAt()).isEqualTo("2026-01-31T01:00:00Z");
    }

    @Test
    void a_released_hold_names_no_transcription() {
        history.at("2026-01-31T01:00:00Z").releases("acme", "r1");
        project();

        assertThat(reservation("r1").status()).isEqualTo(Status.RELEASED);
        assertThat(reservation("r1").transcriptionId()).isNull();
    }

    @Test
    void an_expired_hold_ended_when_it_expired_however_late_that_was_recorded() {
        history.at("2026-02-02T00:00:00Z").rolls("acme");
        project();

        assertThat(reservation("r1").status()).isEqualTo(Status.EXPIRED);
        assertThat(reservation("r1").endedAt()).isEqualTo("2026-01-31T02:00:00Z");
    }

    @Test
    void a_hold_that_begins_and_ends_in_one_batch_is_written_as_ended() {
        history.reserves("acme", "r2", 10).releases("acme", "r2").reserves("acme", "r3", 10);
        project();

        assertThat(query.newestFirst(new OrganizationId("acme"), null, 2).items())
                .extracting(ReservationRow::reservationId, ReservationRow::status)
                .containsExactly(tuple("r3", Status.OPEN), tuple("r2", Status.RELEASED));
    }

    private ReservationRow reservation(String id) {
        return query.newestFirst(new OrganizationId("acme"), null, 100).items().stream()
                .filter(row -> row.reservationId().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
