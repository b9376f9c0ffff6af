package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersistentMapTest {
    @Test
    void it_is_what_a_sorted_map_is_after_any_changes_and_older_versions_stay() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            TreeMap<Integer, Integer> expected = new TreeMap<>();
            PersistentMap<Integer, Integer> map = PersistentMap.empty();
            for (int step = 0; step < 300; step++) {
                PersistentMap<Integer, Integer> before = map;
                List<Integer> valuesBefore = new ArrayList<>(expected.values());
                int key = random.nextInt(60);
                if (random.nextInt(5) < 3) {
                    expected.put(key, step);
                    map = map.with(key, step);
                } else {
                    expected.remove(key);
                    map = map.without(key);
                }
                assertThat(map).as("seed %d", seed).containsExactlyElementsOf(expected.values());
                assertThat(before).as("seed %d", seed).containsExactlyElementsOf(valuesBefore);
                assertThat(map.size()).isEqualTo(expected.size());
                assertThat(map.get(key)).isEqualTo(expected.get(key));
                assertThat(map.first())
                        .isEqualTo(
                                expected.isEmpty()
                                        ? null
                                        : expected.firstEntry().getValue());
            }
        }
    }

    @Test
    void maps_with_the_same_entries_are_equal_however_they_came_about() {
        PersistentMap<Integer, String> up = PersistentMap.empty();
        PersistentMap<Integer, String> down = PersistentMap.empty();
        for (int i = 0; i < 100; i++) {
            up = up.with(i, "v" + i);
            down = down.with(99 - i, "v" + (99 - i));
        }
        assertThat(up).isEqualTo(down).hasSameHashCodeAs(down);
        assertThat(up.without(50)).isNotEqualTo(up);
        assertThat(up.with(50, "other")).isNotEqualTo(up);
    }

    @Test
    void a_million_keys_in_order_do_not_make_it_deep() {
        PersistentMap<Integer, Integer> map = PersistentMap.empty();
        for (int i = 0; i < 1_000_000; i++) {
            map = map.with(i, i);
        }
        assertThat(map.get(999_999)).isEqualTo(999_999);
        assertThat(map.without(0).first()).isEqualTo(1);
    }
}
