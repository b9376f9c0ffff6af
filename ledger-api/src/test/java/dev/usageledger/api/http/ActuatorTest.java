package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ActuatorTest {
    private final Client client = Service.shared().client();

    @Test
    void readiness_asks_the_database_and_the_read_models() {
        Reply ready = client.get("/actuator/health/readiness").is(200);

        assertThat(ready.string("/status")).isEqualTo("UP");
        assertThat(ready.at("/components").propertyNames()).contains("db", "readModels", "readinessState");
    }

    @Test
    void liveness_asks_nobody() {
        assertThat(client.get("/actuator/health/liveness").is(200).text()).isEqualTo("""
                {"status":"UP"}""");
    }

    @Test
    void prometheus_sees_calls_by_template_commands_by_outcome_and_how_far_behind_lists_are() {
        String organization = TestOrganization.opened(client, 100, "HARD");
        client.post(organization + "/reservations", """
                {"reservationId": "r1", "minutes": 101}""").is(402);
        client.get("/some/path/of/somebody").is(404);
        client.with(Map.of("Content-Type", "application/cloudevents-batch+json"))
                .post("/v1/events", "[42]")
                .is(200);

        String metrics = client.get("/actuator/prometheus").is(200).text();

        assertThat(metrics)
                .contains("ledger_commands_seconds_count{outcome=\"accepted\",type=\"open-organization\"}")
                .contains("ledger_commands_seconds_count{outcome=\"insufficient-minutes\",type=\"reserve-minutes\"}")
                .contains("uri=\"/v1/organizations/{organizationId}/reservations\"")
                .contains("ledger_projection_lag")
                .contains("ledger_lane_waiting")
                .containsPattern("ledger_lane_batch_count [1-9]")
                .containsPattern("ledger_lane_batch_max [1-9]")
                .containsPattern("ledger_lane_commits_seconds_sum 0\\.0*[1-9]|ledger_lane_commits_seconds_sum [1-9]")
                .contains("ledger_lane_repeats_total")
                .containsPattern("ledger_ingested_events_total\\{status=\"rejected\"} [1-9]")
                .contains("ledger_drift_organizations 0.0")
                .contains("ledger_drift_last_run_seconds")
                .doesNotContain(TestOrganization.id(organization))
                .doesNotContain("somebody");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/actuator",
                "/actuator/env",
                "/actuator/metrics",
                "/actuator/heapdump",
                "/actuator/loggers",
                "/actuator/dbscheduler"
            })
    void nothing_else_is_exposed(String path) {
        client.get(path).isProblem(404, "not-found");
    }
}
