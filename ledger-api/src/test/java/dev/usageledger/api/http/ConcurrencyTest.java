package dev.usageledger.api.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Many callers at once, as on a day when everybody uploads. */
class ConcurrencyTest {
    private final Client client = Service.shared().client();

    @RepeatedTest(5)
    void sixty_four_clients_are_granted_exactly_what_there_is() throws Exception {
        String organization = TestOrganization.opened(client, 1_000, "HARD");

        List<List<Reply>> replies = together(64, number -> {
            List<Reply> mine = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                mine.add(client.post(organization + "/reservations", """
                        {"reservationId": "r-%d-%d", "minutes": %d}""".formatted(number, i, 1 + (number + i) % 7)));
            }
            return mine;
        });

        long granted = 0;
        long smallestRefused = Long.MAX_VALUE;
        for (Reply reply : replies.stream().flatMap(List::stream).toList()) {
            if (reply.status() == 200) {
                granted += reply.number("/entry/minutes");
            } else {
                reply.isProblem(402, "insufficient-minutes");
                assertThat(reply.number("/remaining")).isLessThan(reply.number("/requested"));
                smallestRefused = Math.min(smallestRefused, reply.number("/requested"));
            }
        }
        Reply usage = client.get(organization + "/usage").is(200);
        assertThat(usage.number("/heldMinutes")).isEqualTo(granted);
        assertThat(smallestRefused).isEqualTo(1);
        assertThat(granted).isEqualTo(1_000);
        assertThat(usage.number("/remainingMinutes")).isZero();
    }

    @Test
    void two_hundred_sends_of_one_transcription_are_one_event_and_199_replays() throws Exception {
        String organization = TestOrganization.opened(client, 1_000, "HARD");

        List<Reply> replies = together(200, number -> client.post(organization + "/transcriptions", """
                {"transcriptionId": "t1", "minutes": 7}"""));

        assertThat(replies).allSatisfy(reply -> reply.is(200));
        Set<JsonNode> entries =
                replies.stream().map(reply -> reply.at("/entry")).collect(Collectors.toSet());
        assertThat(entries).hasSize(1);
        assertThat(replies.stream().filter(reply -> reply.at("/replayed").booleanValue()))
                .hasSize(199);
        assertThat(client.get(organization + "/events").at("/items").size()).isEqualTo(2);
        assertThat(client.get(organization + "/usage").number("/usedMinutes")).isEqualTo(7);
    }

    private interface Call<T> {
        T of(int number);
    }

    private static <T> List<T> together(int callers, Call<T> call) throws Exception {
        List<Callable<T>> calls = IntStream.range(0, callers)
                .<Callable<T>>mapToObj(number -> () -> call.of(number))
                .toList();
        List<T> results = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<T> result : threads.invokeAll(calls)) {
                results.add(result.get());
            }
        }
        return results;
    }
}
