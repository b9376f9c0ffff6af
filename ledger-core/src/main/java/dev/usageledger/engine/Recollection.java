package dev.usageledger.engine;

import dev.usageledger.engine.EventTable.TranscriptionKey;
import dev.usageledger.organization.EventIdentity;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.CorrectTranscription;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.TranscriptionCorrected;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Past;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * Looks up by identifier what the decision of a command needs of the past: in the store, all commands of a unit of work
 * at once, and among what the same unit of work has decided before.
 */
final class Recollection {
    private static final String KEY = Recollection.class.getName();

    private final JdbcTransactions transactions;

    Recollection(JdbcTransactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Looks up what all these commands need: first what {@code events} finds by identifier, in one query, and where some
     * are corrections those before them, in another.
     */
    void prepare(Collection<OrganizationCommand> commands, Lookup events) {
        Memory memory = memory();
        events.find(memory.unknown(commands), memory::note);
        // Comes after, since a correction that is sent again was found above and may be an early one.
        List<TranscriptionKey> corrected = commands.stream()
                .filter(CorrectTranscription.class::isInstance)
                .map(CorrectTranscription.class::cast)
                .map(correct -> new TranscriptionKey(correct.organizationId(), correct.transcriptionId()))
                .distinct()
                .toList();
        if (!corrected.isEmpty()) {
            transactions
                    .once(connection -> EventTable.lastCorrections(connection, corrected))
                    .forEach(memory::note);
        }
    }

    /** As {@link #prepare(Collection, Lookup)}, in a query of its own. */
    void prepare(Collection<OrganizationCommand> commands) {
        prepare(
                commands,
                (ids, found) -> transactions
                        .once(connection -> EventTable.byIds(connection, ids))
                        .forEach(found));
    }

    /**
     * Takes it for new, without a look, what the commands of this unit of work would leave. It is for the store to prove
     * it: the event of a command that is not new has an identifier that is taken.
     *
     * @return whether nothing else of the past is needed
     */
    boolean presumeNew(Collection<OrganizationCommand> commands) {
        Memory memory = memory();
        commands.forEach(memory::needLookUpNoMore);
        return commands.stream().allMatch(OrganizationCommand::recallsItselfOnly);
    }

    Past of(OrganizationCommand command) {
        if (command.recalls().isEmpty()) {
            return Past.NOTHING;
        }
        Memory memory = memory();
        if (!memory.hasLookedUp(command)) {
            prepare(List.of(command));
        }
        return memory.past(command);
    }

    /** Remembers what was decided, for the commands that follow in the same unit of work. */
    void note(OrganizationId organizationId, List<OrganizationEvent> events) {
        memory().note(organizationId, events);
    }

    /** Finds events by their identifiers. */
    interface Lookup {
        void find(Collection<UUID> ids, Consumer<RecordedEvent> found);
    }

    private static Memory memory() {
        return CurrentUnitOfWork.get().root().getOrComputeResource(KEY, key -> new Memory());
    }

    private record Key(OrganizationId organizationId, Object identity) {}

    private static final class Memory {
        private final Set<Key> lookedUp = new HashSet<>();
        private final Map<Key, OrganizationEvent> events = new HashMap<>();
        private final Map<Key, TranscriptionCorrected> corrections = new HashMap<>();

        boolean hasLookedUp(OrganizationCommand command) {
            return command.recalls().stream()
                    .allMatch(identity -> lookedUp.contains(new Key(command.organizationId(), identity)));
        }

        /** The identifiers of the events that these commands need and nobody has looked up yet. */
        List<UUID> unknown(Collection<OrganizationCommand> commands) {
            List<UUID> ids = new ArrayList<>();
            for (OrganizationCommand command : commands) {
                for (EventIdentity identity : command.recalls()) {
                    if (lookedUp.add(new Key(command.organizationId(), identity))) {
                        ids.add(EventId.of(command.organizationId(), identity));
                    }
                }
            }
            return ids;
        }

        void needLookUpNoMore(OrganizationCommand command) {
            for (EventIdentity identity : command.recalls()) {
                lookedUp.add(new Key(command.organizationId(), identity));
            }
        }

        void note(RecordedEvent found) {
            note(found.organizationId(), List.of(found.event()));
        }

        void note(OrganizationId organizationId, List<OrganizationEvent> decided) {
            for (OrganizationEvent event : decided) {
                EventIdentity identity = event.identity();
                if (identity != null) {
                    events.put(new Key(organizationId, identity), event);
                }
                if (event instanceof TranscriptionCorrected correction) {
                    corrections.put(new Key(organizationId, correction.transcriptionId()), correction);
                }
            }
        }

        Past past(OrganizationCommand command) {
            OrganizationId organizationId = command.organizationId();
            Map<EventIdentity, OrganizationEvent> found = new HashMap<>();
            for (EventIdentity identity : command.recalls()) {
                OrganizationEvent event = events.get(new Key(organizationId, identity));
                if (event != null) {
                    found.put(identity, event);
                }
            }
            return found.isEmpty() ? Past.NOTHING : new Past(found, lastCorrection(command));
        }

        private @Nullable TranscriptionCorrected lastCorrection(OrganizationCommand command) {
            return command instanceof CorrectTranscription correct
                    ? corrections.get(new Key(correct.organizationId(), correct.transcriptionId()))
                    : null;
        }
    }
}
