package dev.usageledger.api.crash;

/**
 * A command of one organization, as a caller sends it: however often it is sent, the same bytes.
 *
 * @param kind of the event that it leads to
 * @param id that makes that event the only one of its kind
 */
record Command(String organization, String kind, String id, String method, String path, String body) {
    static Command open(String organization, String plan, String periodAnchor) {
        return new Command(organization, "organization-opened", organization, "PUT", "", """
                {"name": "%s", "plan": %s, "zone": "UTC", "periodAnchor": "%s"}""".formatted(
                        organization, plan, periodAnchor));
    }

    static Command reserve(String organization, String id, long minutes, String ttl) {
        return post(organization, "minutes-reserved", id, "/reservations", """
                {"reservationId": "%s", "minutes": %d, "ttl": "%s"}""".formatted(id, minutes, ttl));
    }

    static Command release(String organization, String reservationId) {
        return post(
                organization,
                "reservation-released",
                reservationId,
                "/reservations/%s/release".formatted(reservationId),
                "");
    }

    static Command record(String organization, String id, long minutes) {
        return post(organization, "transcription-recorded", id, "/transcriptions", """
                {"transcriptionId": "%s", "minutes": %d}""".formatted(id, minutes));
    }

    static Command settle(String organization, String id, long minutes, String reservationId) {
        return post(organization, "transcription-recorded", id, "/transcriptions", """
                {"transcriptionId": "%s", "minutes": %d, "reservationId": "%s"}""".formatted(
                        id, minutes, reservationId));
    }

    static Command correct(String organization, String id, String transcriptionId, long minutes) {
        return post(
                organization,
                "transcription-corrected",
                id,
                "/transcriptions/%s/corrections".formatted(transcriptionId),
                """
                {"correctionId": "%s", "minutes": %d, "reason": "measured again"}""".formatted(id, minutes));
    }

    static Command purchase(String organization, String id, long minutes) {
        return post(organization, "overage-purchased", id, "/overage-purchases", """
                {"purchaseId": "%s", "minutes": %d}""".formatted(id, minutes));
    }

    static Command refund(String organization, String id, String purchaseId, long minutes) {
        return post(
                organization,
                "overage-refunded",
                id,
                "/overage-purchases/%s/refunds".formatted(purchaseId),
                """
                {"refundId": "%s", "minutes": %d}""".formatted(id, minutes));
    }

    /** The same, as one of a batch of events. */
    String recordingAsEvent() {
        return """
                {"specversion": "1.0", "type": "dev.usageledger.record-transcription", "source": "callers", "id": "%s",
                 "subject": "%s", "data": %s}""".formatted(id, organization, body);
    }

    private static Command post(String organization, String kind, String id, String path, String body) {
        return new Command(organization, kind, id, "POST", path, body);
    }
}
