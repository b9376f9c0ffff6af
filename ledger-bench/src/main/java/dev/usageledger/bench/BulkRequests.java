package dev.usageledger.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** {@code POST /v1/events}: a batch of CloudEvents, one for each transcription. */
final class BulkRequests implements Requests {
    private static final String PATH = "/v1/events";
    private static final String CONTENT_TYPE = "application/cloudevents-batch+json";
    private static final byte[] ACCEPTED = "\"status\":\"accepted\"".getBytes(ISO_8859_1);

    private final Load load;
    private final SplittableRandom random;
    private final Template template;
    private final int[] organizationAt;
    private final int[] idAt;
    private final int[] transcriptionAt;

    BulkRequests(Load load, int client) {
        String organization = load.shape().organization(0);
        String transcription = load.transcriptionId(client, 0);
        this.load = load;
        this.random = new SplittableRandom(client);
        this.template = new Template("POST", PATH, CONTENT_TYPE, batch(load.perRequest(), organization, transcription));
        this.organizationAt = places(organization, 1, 0, RecordRequests.ORGANIZATION_DIGITS);
        this.idAt = places(transcription, 2, 0, RecordRequests.NUMBER_DIGITS);
        this.transcriptionAt = places(transcription, 2, 1, RecordRequests.NUMBER_DIGITS);
    }

    private static String batch(int size, String organization, String transcription) {
        String event = """
                {"specversion":"1.0","type":"dev.usageledger.record-transcription","source":"/bench","id":"%s",\
                "subject":"%s","data":{"transcriptionId":"%s","minutes":%d}}""".formatted(transcription, organization, transcription, Commands.MINUTES);
        return IntStream.range(0, size).mapToObj(index -> event).collect(Collectors.joining(",", "[", "]"));
    }

    /** Where the last digits of each event's {@code text} are, which every event has {@code perEvent} times. */
    private int[] places(String text, int perEvent, int which, int digits) {
        int[] places = new int[load.perRequest()];
        int at = template.bodyAt() - 1;
        for (int index = 0; index < places.length * perEvent; index++) {
            at = template.find(text, at + 1);
            if (index % perEvent == which) {
                places[index / perEvent] = at + text.length() - digits;
            }
        }
        return places;
    }

    @Override
    public ByteBuffer request(long number) {
        for (int index = 0; index < load.perRequest(); index++) {
            long transcription = number * load.perRequest() + index;
            template.put(
                    organizationAt[index], RecordRequests.ORGANIZATION_DIGITS, random.nextInt(load.organizations()));
            template.put(idAt[index], RecordRequests.NUMBER_DIGITS, transcription);
            template.put(transcriptionAt[index], RecordRequests.NUMBER_DIGITS, transcription);
        }
        return template.buffer();
    }

    @Override
    public boolean isAcknowledgedBy(Reply reply) {
        return reply.status() / 100 == 2 && reply.count(ACCEPTED) == load.perRequest();
    }
}
