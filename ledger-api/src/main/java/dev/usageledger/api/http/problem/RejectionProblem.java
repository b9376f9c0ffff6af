package dev.usageledger.api.http.problem;

import static dev.usageledger.api.http.problem.ProblemType.*;

import dev.usageledger.api.http.answer.ActionView;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.Action;
import dev.usageledger.organization.OrganizationCommand.ChangePlan;
import dev.usageledger.organization.Price;
import dev.usageledger.organization.Rejection;
import dev.usageledger.organization.Rejection.*;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** How a rejection of the domain is told: one problem for each, with all its numbers. */
public final class RejectionProblem {
    private RejectionProblem() {}

    public static Problem of(Rejection rejection) {
        return switch (rejection) {
            case OrganizationNotFound r ->
                new Problem(
                        ORGANIZATION_NOT_FOUND,
                        "No ledger has been opened for organization %s.".formatted(r.organizationId()),
                        Map.of("organizationId", r.organizationId()));
            case IdempotencyConflict r -> conflict(r);
            case InsufficientMinutes r -> insufficient(r);
            case TranscriptionNotFound r ->
                new Problem(
                        TRANSCRIPTION_NOT_FOUND,
                        "The organization has no transcription %s.".formatted(r.transcriptionId()),
                        Map.of("transcriptionId", r.transcriptionId()));
            case ReservationNotFound r ->
                new Problem(
                        RESERVATION_NOT_FOUND,
                        "The organization never had a reservation %s.".formatted(r.reservationId()),
                        Map.of("reservationId", r.reservationId()));
            case PurchaseNotFound r ->
                new Problem(
                        PURCHASE_NOT_FOUND,
                        "The organization has no overage purchase %s.".formatted(r.purchaseId()),
                        Map.of("purchaseId", r.purchaseId()));
            case AlreadySettled r ->
                new Problem(
                        RESERVATION_SETTLED,
                        "Reservation %s was settled by transcription %s at %s."
                                .formatted(r.reservationId(), r.transcriptionId(), r.settledAt()),
                        members("reservationId", r.reservationId())
                                .and("settledAt", r.settledAt())
                                .and("transcriptionId", r.transcriptionId())
                                .all());
            case AlreadyExpired r ->
                new Problem(
                        RESERVATION_EXPIRED,
                        "Reservation %s expired at %s.".formatted(r.reservationId(), r.expiredAt()),
                        members("reservationId", r.reservationId())
                                .and("expiredAt", r.expiredAt())
                                .all());
            case RefundExceedsUnspent r -> exceeds(r);
            case PeriodClosed r ->
                new Problem(
                        PERIOD_CLOSED,
                        "Transcription %s is counted in the period from %s to %s, and its statement is final."
                                .formatted(
                                        r.transcriptionId(),
                                        r.period().start(),
                                        r.period().end()),
                        members("transcriptionId", r.transcriptionId())
                                .and(
                                        "period",
                                        Map.of(
                                                "start",
                                                r.period().start(),
                                                "end",
                                                r.period().end()))
                                .and("closedAt", r.closedAt())
                                .all());
            case OccurredInTheFuture r ->
                new Problem(
                        OCCURRED_IN_THE_FUTURE,
                        "occurredAt is %s, and it is %s by the ledger's clock; at most %d seconds ahead are accepted."
                                .formatted(
                                        r.occurredAt(),
                                        r.receivedAt(),
                                        r.tolerance().toSeconds()),
                        members("occurredAt", r.occurredAt())
                                .and("receivedAt", r.receivedAt())
                                .and("tolerance", r.tolerance())
                                .all());
            case ExpiryNotInTheFuture r ->
                new Problem(
                        EXPIRY_NOT_IN_THE_FUTURE,
                        "expiresAt is %s, and it is %s by the ledger's clock.".formatted(r.expiresAt(), r.receivedAt()),
                        members("expiresAt", r.expiresAt())
                                .and("receivedAt", r.receivedAt())
                                .all());
            case AmountTooLarge r ->
                new Problem(AMOUNT_TOO_LARGE, "A total of the organization would no longer fit 64 bits.");
        };
    }

    private static Problem conflict(IdempotencyConflict r) {
        return new Problem(
                IDEMPOTENCY_CONFLICT,
                "The identifier was used before with other content: %s was %s and is now %s."
                        .formatted(r.field(), shown(r.original()), shown(r.given())),
                members("field", r.field())
                        .and("original", written(r.original()))
                        .and("given", written(r.given()))
                        .all());
    }

    private static Problem insufficient(InsufficientMinutes r) {
        String held = r.held().isZero() ? "" : " - " + r.held() + " held";
        return new Problem(
                INSUFFICIENT_MINUTES,
                "%s minutes were asked for and %s remain (%s base + %s overage%s): %s short. You can %s."
                        .formatted(
                                r.requested(),
                                r.remaining(),
                                r.base(),
                                r.overage(),
                                held,
                                r.shortBy(),
                                choices(r.actions())),
                members("requested", r.requested())
                        .and("remaining", r.remaining())
                        .and("base", r.base())
                        .and("overage", r.overage())
                        .and("held", r.held())
                        .and("shortBy", r.shortBy())
                        .and("renewsAt", r.renewsAt())
                        .and("actions", ActionView.of(r.actions()))
                        .all());
    }

    private static Problem exceeds(RefundExceedsUnspent r) {
        String asked = r.requested() == null ? "All unspent minutes" : r.requested() + " minutes";
        return new Problem(
                REFUND_EXCEEDS_UNSPENT,
                "%s of purchase %s were to be refunded, and %s are unspent."
                        .formatted(asked, r.purchaseId(), r.unspent()),
                members("purchaseId", r.purchaseId())
                        .and("requested", r.requested())
                        .and("unspent", r.unspent())
                        .all());
    }

    private static String choices(List<Action> actions) {
        return actions.stream()
                .map(action -> switch (action) {
                    case Action.PurchaseMinutes buy -> "buy at least " + buy.minutes() + " overage minutes";
                    case Action.WaitForRenewal wait -> "wait until " + wait.at();
                    case Action.ReleaseReservations release ->
                        "release "
                                + (release.ids().size() == 1
                                        ? "reservation " + release.ids().getFirst()
                                        : release.ids().size() + " reservations");
                })
                .collect(Collectors.joining(", or "));
    }

    private static String shown(@Nullable Object value) {
        return switch (value) {
            case null -> "not given";
            case Price price -> price.amount().toPlainString() + " " + price.currency();
            default -> String.valueOf(written(value));
        };
    }

    /** A value as the caller writes it. */
    private static @Nullable Object written(@Nullable Object value) {
        return value instanceof ChangePlan.Effective effective ? Text.kebab(effective) : value;
    }

    private static Members members(String name, Object value) {
        return new Members().and(name, value);
    }

    private record Members(Map<String, @Nullable Object> all) {
        Members() {
            this(new LinkedHashMap<>());
        }

        Members and(String name, @Nullable Object value) {
            all.put(name, value);
            return this;
        }
    }
}
