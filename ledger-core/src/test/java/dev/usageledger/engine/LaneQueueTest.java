package dev.usageledger.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 2, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LaneQueueTest {
    private final LaneQueue<String, String> queue = new LaneQueue<>(1_000);

    @Test
    void what_one_key_sends_stays_in_order() {
        IntStream.range(0, 100).forEach(i -> queue.offer("acme", "acme-" + i));

        assertThat(queue.take(1_000))
                .containsExactlyElementsOf(
                        IntStream.range(0, 100).mapToObj(i -> "acme-" + i).toList());
    }

    @Test
    void a_key_that_sends_much_does_not_keep_the_others_waiting() {
        IntStream.range(0, 900).forEach(i -> queue.offer("hot", "hot-" + i));
        List<String> others = IntStream.range(0, 50).mapToObj(i -> "other-" + i).toList();
        others.forEach(other -> queue.offer(other, other));

        assertThat(queue.take(100)).containsAll(others);
    }

    @Test
    void everybody_gets_a_turn_however_long_the_queue_of_each_is() {
        List<String> taken = new ArrayList<>();
        IntStream.range(0, 200).forEach(i -> queue.offer("a", "a-" + i));
        IntStream.range(0, 200).forEach(i -> queue.offer("b", "b-" + i));

        for (int batch = 0; batch < 4; batch++) {
            taken.addAll(queue.take(64));
        }

        assertThat(taken).filteredOn(element -> element.startsWith("a")).hasSize(128);
        assertThat(taken).filteredOn(element -> element.startsWith("b")).hasSize(128);
    }

    @Test
    void a_full_queue_refuses_and_one_that_was_taken_from_has_room_again() {
        LaneQueue<String, String> small = new LaneQueue<>(2);
        assertThat(small.offer("a", "1")).isTrue();
        assertThat(small.offer("b", "2")).isTrue();
        assertThat(small.offer("c", "3")).isFalse();

        assertThat(small.take(1)).hasSize(1);

        assertThat(small.offer("c", "3")).isTrue();
        assertThat(small.size()).isEqualTo(2);
    }

    @Test
    void a_closed_queue_gives_out_what_it_has_and_then_nothing() {
        queue.offer("a", "1");
        queue.close();

        assertThat(queue.offer("a", "2")).isFalse();
        assertThat(queue.take(10)).containsExactly("1");
        assertThat(queue.take(10)).isEmpty();
    }

    @Test
    void what_is_put_back_has_its_place_among_what_waits_under_its_key() {
        IntStream.range(0, 6).forEach(i -> queue.offer("acme", "acme-" + i));
        queue.offer("globex", "globex-0");
        List<String> first = queue.take(2);
        List<String> second = queue.poll(2);

        queue.putBack(second, element -> "acme", Comparator.naturalOrder());
        queue.putBack(first, element -> "acme", Comparator.naturalOrder());

        assertThat(queue.size()).isEqualTo(7);
        assertThat(queue.take(10))
                .filteredOn(element -> element.startsWith("acme"))
                .containsExactly("acme-0", "acme-1", "acme-2", "acme-3", "acme-4", "acme-5");
    }

    @Test
    void what_was_taken_can_be_put_back_into_a_queue_that_is_full_or_closed() {
        LaneQueue<String, String> small = new LaneQueue<>(1);
        small.offer("a", "1");
        List<String> taken = small.take(1);
        small.offer("a", "2");
        small.close();

        small.putBack(taken, element -> "a", Comparator.naturalOrder());

        assertThat(small.take(10)).containsExactly("1", "2");
        assertThat(small.poll(10)).isEmpty();
    }

    @Test
    void only_one_takes_until_it_passes_on_or_comes_back_for_more() throws Exception {
        queue.offer("a", "1");
        assertThat(queue.take(1)).containsExactly("1");
        queue.offer("a", "2");
        BlockingQueue<List<String>> takenByOther = new LinkedBlockingQueue<>();

        Thread other = Thread.ofPlatform().start(() -> takenByOther.add(queue.take(1)));
        awaitIdle(other);
        assertThat(queue.isTaking()).isTrue();
        assertThat(takenByOther).isEmpty();
        assertThat(queue.take(1)).containsExactly("2");

        queue.offer("a", "3");
        queue.passOn();
        assertThat(takenByOther.take()).containsExactly("3");
        assertThat(queue.isTaking()).isFalse();
    }

    @Test
    void whoever_has_come_last_is_called_first_and_all_are_told_of_the_end() throws Exception {
        BlockingQueue<String> called = new LinkedBlockingQueue<>();
        List<Thread> takers = new ArrayList<>();
        for (String name : List.of("first", "second", "third")) {
            takers.add(Thread.ofPlatform().start(() -> {
                List<String> taken = queue.take(1);
                queue.passOn();
                called.add(name + taken);
            }));
            awaitIdle(takers.getLast());
        }

        queue.offer("a", "1");
        assertThat(called.take()).isEqualTo("third[1]");
        queue.offer("a", "2");
        assertThat(called.take()).isEqualTo("second[2]");

        queue.close();
        for (Thread taker : takers) {
            taker.join();
        }
        assertThat(called).containsExactly("first[]");
    }

    @Test
    void nothing_is_lost_or_out_of_order_however_many_offer_and_take() throws Exception {
        int offered = 20_000;
        Queue<String> taken = new ConcurrentLinkedQueue<>();
        try (ExecutorService threads = Executors.newCachedThreadPool()) {
            for (int taker = 0; taker < 3; taker++) {
                threads.submit(() -> {
                    for (List<String> batch = queue.take(7); !batch.isEmpty(); batch = queue.take(7)) {
                        taken.addAll(batch);
                        queue.passOn();
                    }
                });
            }
            CountDownLatch offering = new CountDownLatch(4);
            for (int sender = 0; sender < 4; sender++) {
                String key = "key-" + sender;
                threads.submit(() -> {
                    for (int i = 0; i < offered / 4; i++) {
                        while (!queue.offer(key, key + "-" + i)) {
                            Thread.onSpinWait();
                        }
                    }
                    offering.countDown();
                });
            }
            offering.await();
            while (queue.size() > 0) {
                Thread.onSpinWait();
            }
            queue.close();
        }

        assertThat(taken).hasSize(offered);
        for (int sender = 0; sender < 4; sender++) {
            String key = "key-" + sender;
            assertThat(taken)
                    .filteredOn(element -> element.startsWith(key))
                    .containsExactlyElementsOf(IntStream.range(0, offered / 4)
                            .mapToObj(i -> key + "-" + i)
                            .toList());
        }
    }

    private static void awaitIdle(Thread thread) {
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
    }
}
