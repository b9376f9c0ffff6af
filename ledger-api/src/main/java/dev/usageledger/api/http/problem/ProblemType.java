package dev.usageledger.api.http.problem;

import dev.usageledger.api.http.request.Text;

/**
 * Every kind of problem that a caller can meet. The code is the constant's name, {@code insufficient-minutes} for
 * {@link #INSUFFICIENT_MINUTES}; it never changes. Title and explanation are the page behind the problem's {@code type}.
 */
public enum ProblemType {
    INVALID_REQUEST(
            400,
            "The request is not valid",
            "Nothing was done. The member errors lists everything that is wrong with the request, each with the part of "
                    + "the request it is in and a JSON pointer to it. Correct them all and send the request again."),
    UNAUTHENTICATED(
            401,
            "An API key is needed",
            "Send the header Authorization: Bearer with an API key of this ledger. The key was shown when the ledger "
                    + "was first started, or is the one that LEDGER_API_KEY sets."),
    INSUFFICIENT_MINUTES(
            402,
            "Not enough minutes",
            "The organization has a HARD limit and fewer minutes remain than were asked for; nothing was held or "
                    + "charged. The problem says what was requested, what remains (base + overage - held) and by how "
                    + "much that is short. Each of the actions would do by itself: buy at least so many overage "
                    + "minutes, wait for the renewal, or release reservations."),
    NOT_FOUND(
            404, "There is nothing here", "No call has this path. The documentation under /docs lists all there are."),
    ORGANIZATION_NOT_FOUND(
            404,
            "The organization is not known",
            "No ledger was opened for this organizationId. Open it with PUT /v1/organizations/{organizationId}."),
    TRANSCRIPTION_NOT_FOUND(
            404,
            "The transcription is not known",
            "This organization has no transcription with this transcriptionId, so there is nothing to correct."),
    RESERVATION_NOT_FOUND(
            404,
            "The reservation is not known",
            "This organization never had a reservation with this reservationId. A transcription that names it was not "
                    + "recorded: leave the reservationId out, or name the right one, and send it again."),
    PURCHASE_NOT_FOUND(
            404,
            "The purchase is not known",
            "This organization has no overage purchase with this purchaseId, so there is nothing to refund."),
    METHOD_NOT_ALLOWED(
            405,
            "The path does not take this method",
            "The header Allow of the answer names the methods that it takes."),
    NOT_ACCEPTABLE(
            406,
            "The answer cannot be given in this form",
            "Answers are application/json. Let the header Accept allow that, or leave it out."),
    IDEMPOTENCY_CONFLICT(
            409,
            "The identifier was used with other content",
            "An identifier stands for one command for ever. Sent again with the same content it changes nothing and "
                    + "gives the first answer; here the content differs, in the field that the problem names. Use a "
                    + "new identifier for a new command."),
    RESERVATION_SETTLED(
            409,
            "The reservation has been settled",
            "A transcription has settled this reservation, so there is nothing left to release."),
    RESERVATION_EXPIRED(
            409,
            "The reservation has expired",
            "The reservation's time had passed before it was released; its minutes are available again."),
    REFUND_EXCEEDS_UNSPENT(
            409,
            "More was to be refunded than is unspent",
            "Only minutes of a pack that nobody has spent can be taken back. The problem says how many those are."),
    PERIOD_CLOSED(
            409,
            "The statement of that period is final",
            "Corrections reach the current period, and the one just closed for 72 hours. An older statement is final; "
                    + "goodwill can be given as an overage pack at price 0."),
    TEST_CLOCK_BACKWARDS(409, "Time only moves forward", "The test clock can be moved to its present time or later."),
    PAYLOAD_TOO_LARGE(413, "The body is too large", "The problem's limit says how many bytes a body may have."),
    UNSUPPORTED_MEDIA_TYPE(
            415,
            "The body is not JSON in UTF-8",
            "Send bodies with Content-Type: application/json, in UTF-8 and without Content-Encoding."),
    USER_WITHOUT_ORGANIZATION(
            422,
            "The user belongs to no organization",
            "Usage is never billed to nobody, so nothing was recorded. Add the user to an organization, or name the "
                    + "organization in the path."),
    AMBIGUOUS_ORGANIZATION(
            422,
            "The user belongs to several organizations",
            "The ledger does not guess who pays, so nothing was recorded. Name one of the candidates in the path."),
    BEFORE_OPENING(
            422,
            "There was no ledger yet",
            "The question is about a moment before the organization's ledger was opened, or as of one. The problem says "
                    + "when that was; ask for that moment or a later one."),
    OCCURRED_IN_THE_FUTURE(
            422,
            "The transcription lies in the future",
            "occurredAt may be ahead of the ledger's clock by 5 minutes and no more. Check the sender's clock."),
    EXPIRY_NOT_IN_THE_FUTURE(
            422,
            "The pack would have expired already",
            "expiresAt has to be later than now. Leave it out for a pack that does not expire."),
    AMOUNT_TOO_LARGE(
            422,
            "The total would be too large",
            "A total of this organization would no longer fit a 64-bit number of minutes. Nothing was done."),
    INTERNAL_ERROR(
            500,
            "The ledger made a mistake",
            "This is a fault of the ledger and has been logged with the X-Request-Id of the answer. Sending the "
                    + "command again under the same identifier is safe."),
    BROKEN_CHAIN(
            500,
            "The history is not as it was recorded",
            "The events of this organization do not follow from each other any more: somebody has changed them in the "
                    + "database. ./ledger audit verify tells which, and how to find out more is in docs/recipes."),
    OVERLOADED(
            503,
            "The ledger cannot answer right now",
            "Its database is out of reach or too much is waiting. Send the same command again after the seconds that "
                    + "Retry-After says: under the same identifier it counts once, whether or not it had gone through."),
    PROJECTION_BEHIND(
            503,
            "The lists have not caught up yet",
            "The list was asked for as of a position (atLeast) that it did not reach in time. Ask again after the "
                    + "seconds that Retry-After says, or without atLeast for what is known by now.");

    private final String code;
    private final int status;
    private final String title;
    private final String explanation;

    ProblemType(int status, String title, String explanation) {
        this.code = Text.kebab(this);
        this.status = status;
        this.title = title;
        this.explanation = explanation;
    }

    public String code() {
        return code;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    public String explanation() {
        return explanation;
    }

    /** Where the page about it is, relative to the service. */
    public String path() {
        return "/problems/" + code;
    }
}
