package dev.usageledger.api.crash;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.api.crash.Caller.Reply;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/** What the ledger has answered, by its callers' own records. */
final class Books {
    private final Map<Command, JsonNode> entries = new ConcurrentHashMap<>();
    private final Map<String, List<Command>> byKind = new ConcurrentHashMap<>();
    private final Map<String, Long> positions = new ConcurrentHashMap<>();
    private final Set<Command> refused = ConcurrentHashMap.newKeySet();
    private final AtomicLong learntByRepeating = new AtomicLong();

    /** Notes an answer, which must not contradict what was answered before. */
    void note(Command command, Reply reply) {
        if (!reply.isAcknowledged()) {
            assertThat(reply.code())
                    .as("%s: %s", command, reply.json())
                    .isIn(
                            "insufficient-minutes",
                            "refund-exceeds-unspent",
                            "reservation-expired",
                            "reservation-settled");
            refused.add(command);
            return;
        }
        JsonNode entry = reply.json().get("entry");
        JsonNode before = entries.putIfAbsent(command, entry);
        boolean replayed = reply.json().get("replayed").booleanValue();
        if (before == null) {
            byKind.computeIfAbsent(command.kind(), kind -> new CopyOnWriteArrayList<>())
                    .add(command);
            learntByRepeating.addAndGet(replayed && reply.sends() > 1 ? 1 : 0);
        } else {
            assertThat(entry).as("%s sent again", command).isEqualTo(before);
        }
        positions.merge(command.organization(), reply.json().get("position").longValue(), Math::max);
    }

    long acknowledged() {
        return entries.size();
    }

    Map<Command, JsonNode> entries() {
        return Collections.unmodifiableMap(entries);
    }

    boolean has(Command command) {
        return entries.containsKey(command);
    }

    /** Any command of that kind that has been acknowledged. */
    Optional<Command> any(String kind, Random random) {
        List<Command> commands = byKind.getOrDefault(kind, List.of());
        return commands.isEmpty() ? Optional.empty() : Optional.of(commands.get(random.nextInt(commands.size())));
    }

    /** The highest position that has been acknowledged of this organization. */
    long position(String organization) {
        return positions.getOrDefault(organization, 0L);
    }

    @Override
    public String toString() {
        return "%d commands acknowledged, %d of them known only from sending again; %d refused"
                .formatted(entries.size(), learntByRepeating.get(), refused.size());
    }
}
