package dev.usageledger.api.http.answer;

import dev.usageledger.organization.Action;
import dev.usageledger.organization.Balance;
import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.ReservationId;
import java.math.BigInteger;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A balance in a few sentences for a person: what is left and of what, when it renews, and what would help. */
final class UsageMessage {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("d MMM uuuu", Locale.ENGLISH);

    private UsageMessage() {}

    static String of(Balance balance) {
        List<@Nullable String> sentences = new ArrayList<>();
        switch (balance.status()) {
            case UNLIMITED -> sentences.add(unlimited(balance));
            case OK -> sentences.add(left(balance));
            case LOW -> {
                sentences.add(left(balance));
                sentences.add(share(balance));
            }
            case EXHAUSTED -> {
                sentences.add(left(balance));
                sentences.add(goesOn(balance));
            }
        }
        sentences.add(uncovered(balance));
        sentences.add(renewal(balance));
        sentences.add(help(balance));
        return sentences.stream().filter(Objects::nonNull).collect(Collectors.joining(" "));
    }

    /** {@code 1 minute}, {@code 2 minutes}. */
    static String minutes(Minutes minutes) {
        return minutes + (minutes.value() == 1 ? " minute" : " minutes");
    }

    private static String unlimited(Balance balance) {
        return "Unlimited minutes; " + minutes(balance.used()) + " used since "
                + date(balance.period().start(), balance) + ".";
    }

    private static String left(Balance balance) {
        Minutes remaining = Objects.requireNonNull(balance.remaining());
        String held = balance.held().isZero() ? "" : " - " + balance.held() + " held by uploads in flight";
        return "%s left (%s base + %s overage%s)."
                .formatted(
                        remaining.isZero() ? "No minutes" : minutes(remaining),
                        balance.baseRemaining(),
                        balance.overageRemaining(),
                        held);
    }

    private static String share(Balance balance) {
        Minutes capacity = Objects.requireNonNull(balance.capacity());
        return percent(balance.used(), capacity) + " % of this period's " + minutes(capacity) + " are used.";
    }

    // Rounded down, so that 100 % is said only when all is used.
    private static BigInteger percent(Minutes used, Minutes capacity) {
        return BigInteger.valueOf(used.value())
                .multiply(BigInteger.valueOf(100))
                .divide(BigInteger.valueOf(Math.max(1, capacity.value())));
    }

    private static @Nullable String goesOn(Balance balance) {
        return balance.plan().limit() == Plan.Limit.SOFT
                ? "The limit is soft: uploads go on and are counted as uncovered."
                : null;
    }

    private static @Nullable String uncovered(Balance balance) {
        return balance.uncovered().isZero()
                ? null
                : minutes(balance.uncovered()) + " of usage "
                        + (balance.uncovered().value() == 1 ? "is" : "are")
                        + " uncovered; a purchase pays for that first.";
    }

    private static @Nullable String renewal(Balance balance) {
        BillingPeriod period = balance.period();
        Plan next = balance.nextPlan() == null ? balance.plan() : balance.nextPlan();
        Minutes included = next.includedMinutes();
        if (included == null) {
            return balance.plan().isUnlimited() ? null : "Unlimited from " + date(period.end(), balance) + ".";
        }
        return included.isZero() ? null : "Base minutes renew on " + date(period.end(), balance) + ".";
    }

    private static @Nullable String help(Balance balance) {
        String choices = balance.actions().stream()
                .map(action -> choice(action, balance))
                .collect(Collectors.joining(", or "));
        return choices.isEmpty() ? null : "To have minutes again: " + choices + ".";
    }

    private static String choice(Action action, Balance balance) {
        return switch (action) {
            case Action.PurchaseMinutes(Minutes minutes) -> "buy at least " + minutes(minutes);
            case Action.WaitForRenewal(Instant at) -> "wait until " + date(at, balance);
            case Action.ReleaseReservations(List<ReservationId> ids) -> "release " + reservations(ids);
        };
    }

    static String reservations(List<ReservationId> ids) {
        return ids.size() == 1 ? "reservation " + ids.getFirst() : ids.size() + " reservations";
    }

    private static String date(Instant instant, Balance balance) {
        ZoneId zone = balance.calendar().zone();
        return DATE.format(instant.atZone(zone));
    }
}
