package dev.usageledger.bench;

import java.sql.SQLException;
import java.util.BitSet;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Whether the store holds each transcription that a load had acknowledged once, and none besides. */
final class ExactlyOnce implements Consumer<String> {
    private final Tally tally;
    private final BitSet[] found;

    ExactlyOnce(Tally tally) {
        this.tally = tally;
        this.found = IntStream.range(0, tally.load().clients())
                .mapToObj(client -> new BitSet())
                .toArray(BitSet[]::new);
    }

    /** @param headBefore the position of the last event before the load */
    static void check(Tally tally, Database database, long headBefore) throws SQLException {
        ExactlyOnce check = new ExactlyOnce(tally);
        database.transcriptionsAfter(headBefore, check);
        check.conclude();
    }

    /** Takes the identifier of an event that is in the store. */
    @Override
    public void accept(String transcriptionId) {
        String[] parts = transcriptionId.split("-");
        int client = Integer.parseInt(parts[1]);
        int number = Integer.parseInt(parts[2]);
        if (Integer.parseInt(parts[0]) != tally.load().cell() || number >= tally.acknowledgedTo(client)) {
            throw new BenchmarkFailedException(transcriptionId + " is stored, but nobody was told so");
        }
        if (found[client].get(number)) {
            throw new BenchmarkFailedException(transcriptionId + " is stored twice");
        }
        found[client].set(number);
    }

    /** Once all identifiers were taken: nothing must be missing. */
    void conclude() {
        for (int client = 0; client < found.length; client++) {
            long missing = tally.acknowledgedTo(client) - found[client].cardinality();
            if (missing != 0) {
                throw new BenchmarkFailedException(
                        "%d commands of client %d were acknowledged and are not stored, %s first"
                                .formatted(
                                        missing,
                                        client,
                                        tally.load().transcriptionId(client, found[client].nextClearBit(0))));
            }
        }
    }
}
