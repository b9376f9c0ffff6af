package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventExplorerTest {
    private final Client client = Service.shared().client();
    private final String organization = TestOrganization.opened(client, 100, "HARD");

    @BeforeEach
    void something_happens() {
        client.post(organization + "/reservations", """
                {"reservationId": "r1", "minutes": 10, "userId": "ada"}""").is(200);
        client.with(Map.of("X-Request-Id", "upload-7"))
                .post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 85, "userId": "ada", "reservationId": "r1"}""")
                .is(200);
        client.post(organization + "/transcriptions", """
                {"transcriptionId": "t2", "minutes": 1, "userId": "bob"}""").is(200);
        client.with(Map.of("X-Reason", "ticket 4711"))
                .post(organization + "/transcriptions/t1/corrections", """
                {"correctionId": "c1", "minutes": 84, "reason": "silence"}""")
                .is(200);
    }

    @Test
    void events_are_found_by_what_they_are_about_and_by_who_sent_them() {
        assertThat(found("")).hasSize(7);
        assertThat(found("?transcriptionId=t1"))
                .containsExactly("transcription-corrected", "reservation-settled", "transcription-recorded");
        assertThat(found("?reservationId=r1"))
                .containsExactly("reservation-settled", "transcription-recorded", "minutes-reserved");
        assertThat(found("?userId=ada")).containsExactly("transcription-recorded", "minutes-reserved");
        assertThat(found("?correlationId=upload-7"))
                .containsExactly("threshold-reached", "reservation-settled", "transcription-recorded");
        assertThat(found("?type=minutes-reserved&type=organization-opened"))
                .containsExactly("minutes-reserved", "organization-opened");
        assertThat(found("?type=transcription-recorded&userId=bob")).hasSize(1);
        assertThat(found("?to=2000-01-01T00:00:00Z")).isEmpty();
        assertThat(found("?from=2000-01-01T00:00:00Z&actor=nobody")).isEmpty();
    }

    @Test
    void an_event_says_who_sent_it_with_which_request_why_and_what_it_follows_from() {
        Reply corrected = client.get(organization + "/events?type=transcription-corrected")
                .is(200);
        Reply recorded =
                client.get(organization + "/events?correlationId=upload-7").is(200);

        assertThat(corrected.string("/items/0/reason")).isEqualTo("ticket 4711");
        assertThat(corrected.string("/items/0/causationId")).isEqualTo(recorded.string("/items/2/eventId"));
        assertThat(recorded.string("/items/1/causationId")).isEqualTo(recorded.string("/items/2/eventId"));
        assertThat(recorded.string("/items/0/causationId")).isEqualTo(recorded.string("/items/1/eventId"));
        assertThat(client.get(organization + "/events?type=organization-opened")
                        .at("/items/0/causationId")
                        .isNull())
                .isTrue();
    }

    @Test
    void all_that_is_wrong_with_a_filter_is_told() {
        assertThat(client.get(organization + "/events?type=nonsense&from=yesterday&userId=%20&color=red")
                        .faults())
                .containsExactlyInAnyOrder("/type", "/from", "/userId", "/color");
    }

    private List<String> found(String filter) {
        List<String> types = new ArrayList<>();
        client.get(organization + "/events" + filter)
                .is(200)
                .at("/items")
                .forEach(item -> types.add(item.at("/event/type").stringValue()));
        return types;
    }
}
