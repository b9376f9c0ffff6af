package dev.usageledger.engine;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.usageledger.organization.Organization.Open;

/** The state of an organization as JSON, for snapshots and read models: derived, and thrown away when it changes. */
public final class OrganizationCodec {
    /** Changes whenever the shape of the state does; what was stored in another format has to be rebuilt. */
    public static final int FORMAT = 1;

    private static final ObjectWriter WRITER = Json.MAPPER.writerFor(Open.class);
    private static final ObjectReader READER = Json.MAPPER.readerFor(Open.class);

    private OrganizationCodec() {}

    public static String json(Open organization) {
        try {
            return WRITER.writeValueAsString(organization);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("cannot write the state of " + organization.id(), e);
        }
    }

    /** @throws UnreadableEventException when {@code json} is not in {@link #FORMAT}. */
    public static Open organization(String json) {
        try {
            return READER.readValue(json);
        } catch (JsonProcessingException e) {
            throw new UnreadableEventException("the state of an organization cannot be read", e);
        }
    }
}
