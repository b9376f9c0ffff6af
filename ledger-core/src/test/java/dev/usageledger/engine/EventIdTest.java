package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.MemberAdded;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.UserId;
import dev.usageledger.testing.RandomHistory;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EventIdTest {
    private static final OrganizationId ACME = new OrganizationId("acme");
    private static final OrganizationEvent WITHOUT_IDENTITY = new MemberAdded(Instant.EPOCH, new UserId("u1"));

    /** As any other program would compute them; were one to change, what it stands for could be recorded again. */
    @ParameterizedTest
    @CsvSource({
        "acme, organization, acme, 1449e993-af02-8deb-8dbf-f36d74ac944c",
        "acme, plan-change, x1, 18bc1efc-81bd-8b08-9c6b-58f003c602b3",
        "acme, reservation, r1, 4979425d-2d9e-822e-8516-8dcda6cbc5a9",
        "acme, reservation-end, r1, 59e43c36-98d8-86bd-b102-c24645c4620d",
        "acme, transcription, t1, 5ecfe6c1-1c11-8cae-8e5b-dcc3fefe6c0e",
        "acme, correction, c1, 2d8f3c00-1a91-8be3-ae17-43ec6a25bcce",
        "acme, purchase, p1, a14bbd49-1ee6-84ad-8bc0-386ad97a7428",
        "acme, purchase-expiry, p1, 882dc1c2-012b-8846-933b-f9f24b448a53",
        "acme, refund, f1, 33e24c2a-59ec-81c8-97bb-434d86c2cca5",
        "acme, roll, 0, 370b193a-675f-858f-8740-0f2baa9108e3",
        "acme, roll, -1, df17c008-70f1-81e3-bf77-d6e870baeb23",
        "A-Z.a_z:0-9, transcription, t.1:2-3_4, 4af5be81-445b-846f-a906-6d906f88800e",
    })
    void an_identifier_never_changes(String organization, String kind, String id, UUID promised) {
        assertThat(EventId.of(new OrganizationId(organization), new EventIdentity(kind, id)))
                .isEqualTo(promised);
    }

    @Test
    void an_event_that_may_happen_again_is_identified_by_its_place() {
        assertThat(EventId.of(ACME, 7, WITHOUT_IDENTITY))
                .isEqualTo(UUID.fromString("b9f61880-5e5a-8584-990e-d6e6986a4e35"));
        assertThat(EventId.of(ACME, 8, WITHOUT_IDENTITY)).isNotEqualTo(EventId.of(ACME, 7, WITHOUT_IDENTITY));
    }

    @Test
    void every_identifier_is_a_custom_uuid() {
        assertThat(RandomHistory.of(1, ACME, 300).events()).allSatisfy(event -> {
            UUID id = EventId.of(ACME, 1, event);
            assertThat(id.version()).isEqualTo(8);
            assertThat(id.variant()).isEqualTo(2);
        });
    }

    @Test
    void what_differs_in_any_part_has_an_identifier_of_its_own() {
        List<String> texts = List.of("a", "b", "ab", "a:b", "a-b", "a.b", "a_b", "0", "1", "10", "-1", "A", "roll");
        Map<UUID, String> owners = new HashMap<>();
        for (String organization : texts) {
            for (String kind : List.of("organization", "reservation", "reservation-end", "transcription", "roll")) {
                for (String id : texts) {
                    String owner = organization + "/" + kind + "/" + id;
                    assertThat(owners.put(
                                    EventId.of(new OrganizationId(organization), new EventIdentity(kind, id)), owner))
                            .as(owner)
                            .isNull();
                }
            }
            for (long place = 0; place < 100; place++) {
                String owner = organization + " at " + place;
                assertThat(owners.put(EventId.of(new OrganizationId(organization), place, WITHOUT_IDENTITY), owner))
                        .as(owner)
                        .isNull();
            }
        }
    }

    /** Otherwise a caller's identifier could be the place of an event, or the end of one part the start of the next. */
    @Test
    void no_kind_of_identity_is_called_what_places_are_and_no_part_has_the_separator() {
        for (long seed = 1; seed <= 5; seed++) {
            RandomHistory history = RandomHistory.of(seed, ACME, 300);
            assertThat(history.steps().stream().flatMap(step -> step.command().recalls().stream()))
                    .allSatisfy(identity -> {
                        assertThat(identity.kind()).isNotEqualTo("sequence").doesNotContain("\n");
                        assertThat(identity.id()).doesNotContain("\n");
                    });
            assertThat(history.events().stream()
                            .map(OrganizationEvent::identity)
                            .filter(identity -> identity != null))
                    .allSatisfy(identity -> assertThat(identity.kind()).isNotEqualTo("sequence"))
                    .doesNotHaveDuplicates();
        }
    }
}
