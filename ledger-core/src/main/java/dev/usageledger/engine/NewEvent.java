package dev.usageledger.engine;

import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import java.util.Map;
import java.util.TreeMap;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.messaging.MetaData;

/**
 * An event that is about to be stored.
 *
 * @param row how it will be stored
 * @param content of the row, see {@link EventRow#content}
 */
record NewEvent(
        OrganizationId organizationId,
        long sequence,
        OrganizationEvent event,
        Map<String, String> metadata,
        EventRow row,
        byte[] content) {
    static NewEvent of(
            OrganizationId organizationId, long sequence, OrganizationEvent event, Map<String, String> metadata) {
        EventCodec.Kind kind = EventCodec.kindOf(event);
        EventRow row = new EventRow(
                organizationId.value(),
                sequence,
                EventId.of(organizationId, sequence, event),
                kind.name(),
                kind.revision(),
                event.recordedAt(),
                EventCodec.payload(event),
                EventCodec.metadata(metadata));
        return new NewEvent(organizationId, sequence, event, metadata, row, row.content());
    }

    /** @throws IllegalArgumentException unless it is an event of an organization */
    static NewEvent of(EventMessage<?> message) {
        if (message instanceof Message prepared) {
            return prepared.prepared;
        }
        if (message instanceof DomainEventMessage<?> domain && domain.getPayload() instanceof OrganizationEvent event) {
            OrganizationId organizationId = new OrganizationId(domain.getAggregateIdentifier());
            return of(organizationId, domain.getSequenceNumber(), event, texts(domain.getMetaData()));
        }
        throw new IllegalArgumentException("only events of organizations are stored, not " + message.getPayloadType());
    }

    private static Map<String, String> texts(MetaData metadata) {
        Map<String, String> texts = new TreeMap<>();
        metadata.forEach((key, value) -> texts.put(key, String.valueOf(value)));
        return texts;
    }

    RecordedEvent at(long position) {
        return new RecordedEvent(position, organizationId, sequence, row.eventId(), event, metadata);
    }

    /** The same message, with all that storing it needs done already. */
    static EventMessage<?> prepared(EventMessage<?> message) {
        return message instanceof DomainEventMessage<?> domain ? new Message(domain, of(message)) : message;
    }

    private static final class Message extends GenericDomainEventMessage<Object> {
        private final transient NewEvent prepared;

        Message(DomainEventMessage<?> message, NewEvent prepared) {
            super(
                    message.getType(),
                    message.getAggregateIdentifier(),
                    message.getSequenceNumber(),
                    message.getPayload(),
                    message.getMetaData(),
                    message.getIdentifier(),
                    message.getTimestamp());
            this.prepared = prepared;
        }
    }
}
