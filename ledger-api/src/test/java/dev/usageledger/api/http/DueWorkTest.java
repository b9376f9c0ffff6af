package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.due.DueWork;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

class DueWorkTest {
    private final Service service = Service.shared();
    private final Client client = service.client();

    @Test
    @Timeout(60)
    void a_hold_that_nobody_talks_about_expires_by_itself() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        client.post(organization + "/reservations", """
                {"reservationId": "r1", "minutes": 10, "ttl": "PT1S"}""").is(200);

        JsonNode expired = awaitNewest(organization, "reservation-expired");

        assertThat(expired.get("actor").stringValue()).isEqualTo("scheduler");
        assertThat(client.get(organization + "/usage").number("/heldMinutes")).isZero();
    }

    @Test
    void it_runs_on_one_node_at_a_time() {
        assertThat(JdbcClient.create(service.database())
                        .sql("SELECT count(*) FROM scheduler.tasks WHERE task_name = 'due-work'")
                        .query(Long.class)
                        .single())
                .isEqualTo(1);
    }

    @Test
    void nothing_due_is_nothing_done() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        long position = client.get(organization + "/usage").number("/position");
        client.get("/v1/organizations?atLeast=" + position).is(200);

        service.bean(DueWork.class).run(Instant.now());

        assertThat(client.get(organization + "/events").at("/items").size()).isEqualTo(1);
    }

    private JsonNode awaitNewest(String organization, String type) {
        while (true) {
            JsonNode newest = client.get(organization + "/events").at("/items/0");
            if (newest.at("/event/type").stringValue().equals(type)) {
                return newest;
            }
        }
    }
}
