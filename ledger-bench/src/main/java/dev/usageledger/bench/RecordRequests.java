package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** {@code POST …/transcriptions}, one for each transcription. */
final class RecordRequests implements Requests {
    static final int ORGANIZATION_DIGITS = 5;
    static final int NUMBER_DIGITS = 9;

    private static final byte[] RECORDED = "\"replayed\":false}".getBytes(ISO_8859_1);

    private final Load load;
    private final SplittableRandom random;
    private final Template template;
    private final int organizationAt;
    private final int numberAt;

    RecordRequests(Load load, int client) {
        String organization = load.shape().organization(0);
        String transcription = load.transcriptionId(client, 0);
        this.load = load;
        this.random = new SplittableRandom(client);
        this.template = new Template(
                "POST",
                "/v1/organizations/%s/transcriptions".formatted(organization),
                "application/json",
                "{\"transcriptionId\":\"%s\",\"minutes\":%d}".formatted(transcription, Commands.MINUTES));
        this.organizationAt = template.find(organization, 0) + organization.length() - ORGANIZATION_DIGITS;
        this.numberAt = template.find(transcription, template.bodyAt()) + transcription.length() - NUMBER_DIGITS;
    }

    @Override
    public ByteBuffer request(long number) {
        template.put(organizationAt, ORGANIZATION_DIGITS, random.nextInt(load.organizations()));
        template.put(numberAt, NUMBER_DIGITS, number);
        return template.buffer();
    }

    @Override
    public boolean isAcknowledgedBy(Reply reply) {
        return reply.status() == 200 && reply.endsWith(RECORDED);
    }
}
