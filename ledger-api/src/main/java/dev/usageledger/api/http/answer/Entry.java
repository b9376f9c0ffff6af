package dev.usageledger.api.http.answer;

import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.BillingPeriod;
import dev.usageledger.organization.Charge;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationEvent.*;
import dev.usageledger.organization.PeriodCalendar;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.JacksonSerializable;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.jsontype.TypeSerializer;

/**
 * An event of the ledger as callers see it, in answers and in the list of events alike. It depends on the event and the
 * organization's calendar alone, so a replay is answered with exactly what the first answer said.
 */
public final class Entry implements JacksonSerializable {
    private final Map<String, @Nullable Object> members = new LinkedHashMap<>();
    private final String type;
    private final PeriodCalendar calendar;

    private Entry(String type, OrganizationEvent event, PeriodCalendar calendar) {
        this.type = type;
        this.calendar = calendar;
        members.put("type", type);
        members.put("recordedAt", event.recordedAt());
    }

    /** What kind of event it is, by its stored name. */
    public String type() {
        return type;
    }

    /** @param calendar of the organization that it happened to */
    public static Entry of(OrganizationEvent event, PeriodCalendar calendar) {
        return switch (event) {
            case OrganizationOpened e ->
                new Entry("organization-opened", e, calendar)
                        .with("organizationId", e.organizationId())
                        .with("name", e.name())
                        .with("plan", PlanView.of(e.plan()))
                        .with("zone", e.zone())
                        .with("periodAnchor", e.periodAnchor())
                        .withPeriod("period", e.period());
            case PlanChanged e ->
                new Entry("plan-changed", e, calendar)
                        .with("changeId", e.changeId())
                        .with("plan", PlanView.of(e.plan()))
                        .with("covered", e.covered())
                        .with("rearmed", e.rearmed());
            case PlanChangeScheduled e ->
                new Entry("plan-change-scheduled", e, calendar)
                        .with("changeId", e.changeId())
                        .with("plan", PlanView.of(e.plan()))
                        .with("dueAt", e.dueAt());
            case MemberAdded e -> new Entry("member-added", e, calendar).with("userId", e.userId());
            case MemberRemoved e -> new Entry("member-removed", e, calendar).with("userId", e.userId());
            case MinutesReserved e ->
                new Entry("minutes-reserved", e, calendar)
                        .with("reservationId", e.reservationId())
                        .with("minutes", e.minutes())
                        .with("ttl", e.ttl())
                        .with("expiresAt", e.expiresAt())
                        .with("userId", e.userId());
            case ReservationReleased e ->
                new Entry("reservation-released", e, calendar)
                        .with("reservationId", e.reservationId())
                        .with("minutes", e.minutes());
            case ReservationSettled e ->
                new Entry("reservation-settled", e, calendar)
                        .with("reservationId", e.reservationId())
                        .with("minutes", e.minutes())
                        .with("transcriptionId", e.transcriptionId());
            case ReservationExpired e ->
                new Entry("reservation-expired", e, calendar)
                        .with("reservationId", e.reservationId())
                        .with("minutes", e.minutes())
                        .with("expiredAt", e.expiredAt());
            case TranscriptionRecorded e -> recorded(e, calendar);
            case TranscriptionCorrected e -> corrected(e, calendar);
            case OveragePurchased e ->
                new Entry("overage-purchased", e, calendar)
                        .with("purchaseId", e.purchaseId())
                        .with("minutes", e.minutes())
                        .with("expiresAt", e.expiresAt())
                        .with("price", e.price())
                        .with("covered", e.covered())
                        .with("rearmed", e.rearmed());
            case OverageRefunded e ->
                new Entry("overage-refunded", e, calendar)
                        .with("refundId", e.refundId())
                        .with("purchaseId", e.purchaseId())
                        .with("minutes", e.minutes());
            case OveragePackExpired e ->
                new Entry("overage-pack-expired", e, calendar)
                        .with("purchaseId", e.purchaseId())
                        .with("minutes", e.minutes())
                        .with("expiredAt", e.expiredAt());
            case BillingPeriodRolled e ->
                new Entry("billing-period-rolled", e, calendar)
                        .withPeriod("closed", e.closed())
                        .withPeriod("opened", e.opened())
                        .with("plan", PlanView.of(e.plan()))
                        .with("lapsed", e.lapsed());
            case ThresholdReached e ->
                new Entry("threshold-reached", e, calendar)
                        .with("percent", e.percent())
                        .withPeriod("period", calendar.period(e.period()))
                        .with("used", e.used())
                        .with("capacity", e.capacity());
        };
    }

    private static Entry recorded(TranscriptionRecorded e, PeriodCalendar calendar) {
        return new Entry("transcription-recorded", e, calendar)
                .with("transcriptionId", e.transcriptionId())
                .with("minutes", e.minutes())
                .with("durationSeconds", e.durationSeconds())
                .with("occurredAt", e.occurredAt())
                .with("userId", e.userId())
                .with("reservation", SettlementView.of(e.settlement()))
                .with("counted", Text.kebab(e.counted()))
                .withPeriod("period", calendar.period(e.period()))
                .withCharge(e.charge());
    }

    private static Entry corrected(TranscriptionCorrected e, PeriodCalendar calendar) {
        return new Entry("transcription-corrected", e, calendar)
                .with("correctionId", e.correctionId())
                .with("transcriptionId", e.transcriptionId())
                .with("before", e.before())
                .with("minutes", e.minutes())
                .with("reason", e.reason())
                .withPeriod("period", calendar.period(e.period()))
                .with("charged", e.charged())
                .with("givenBack", e.givenBack())
                .with("lapsed", e.lapsed())
                .with("covered", e.covered());
    }

    // As a map it would take Jackson twice as long: it looks for how to write each member's value anew.
    @Override
    public void serialize(JsonGenerator json, SerializationContext context) {
        json.writeStartObject(this);
        members.forEach((name, value) -> {
            json.writeName(name);
            context.writeValue(json, value);
        });
        json.writeEndObject();
    }

    @Override
    public void serializeWithType(JsonGenerator json, SerializationContext context, TypeSerializer types) {
        serialize(json, context);
    }

    private Entry with(String name, @Nullable Object value) {
        members.put(name, value);
        return this;
    }

    private Entry withPeriod(String name, BillingPeriod period) {
        return with(name, PeriodView.of(period, calendar));
    }

    private Entry withCharge(Charge charge) {
        return with("fromBase", charge.fromBase())
                .with("fromOverage", charge.fromOverage())
                .with("uncovered", charge.uncovered());
    }

    private record SettlementView(Object reservationId, String outcome) {
        static @Nullable SettlementView of(TranscriptionRecorded.@Nullable Settlement settlement) {
            return settlement == null
                    ? null
                    : new SettlementView(settlement.reservationId(), Text.kebab(settlement.outcome()));
        }
    }
}
