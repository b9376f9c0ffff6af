package dev.usageledger.engine;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.introspect.Annotated;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.AnnotatedParameter;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Hold;
import dev.usageledger.organization.Holds;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationEvent;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.PlanChangeId;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.lang.reflect.RecordComponent;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How domain types look in stored JSON. The domain itself knows nothing of it, so what JSON needs is said here. */
final class Json {
    /**
     * Strict on purpose: a property that this version does not know means that a newer one wrote it, and to skip it
     * could change a number. One that is missing was forgotten by whoever changed a shape without a new revision.
     */
    static final JsonMapper MAPPER = mapper();

    private Json() {}

    private static JsonMapper mapper() {
        JsonMapper.Builder mapper = JsonMapper.builder()
                .addModule(new JavaTimeModule().addDeserializer(Instant.class, new InstantReader()))
                .serializationInclusion(JsonInclude.Include.NON_NULL)
                .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
                .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
                .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .annotationIntrospector(new Required())
                // Only what a record consists of is stored, nothing that it can derive.
                .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
                .addMixIn(OrganizationEvent.class, WithoutRecordedAt.class)
                .addMixIn(Minutes.class, AsNumber.class)
                .addMixIn(Holds.class, AsOpenHolds.class);
        List.of(
                        OrganizationId.class,
                        TranscriptionId.class,
                        ReservationId.class,
                        PurchaseId.class,
                        CorrectionId.class,
                        RefundId.class,
                        PlanChangeId.class,
                        UserId.class)
                .forEach(type -> mapper.addMixIn(type, AsText.class));
        return mapper.build();
    }

    /** Every part of a record has to be there, but for those that the record says may be null. */
    private static final class Required extends JacksonAnnotationIntrospector {
        private static final long serialVersionUID = 1;

        @Override
        public @Nullable Boolean hasRequiredMarker(AnnotatedMember member) {
            return isRequired(member) ? Boolean.TRUE : super.hasRequiredMarker(member);
        }

        @Override
        public JsonSetter.Value findSetterInfo(Annotated part) {
            return isRequired(part) ? JsonSetter.Value.forValueNulls(Nulls.FAIL) : super.findSetterInfo(part);
        }

        private static boolean isRequired(Annotated part) {
            return part instanceof AnnotatedParameter parameter
                    && parameter.getDeclaringClass().isRecord()
                    && !component(parameter).getAnnotatedType().isAnnotationPresent(Nullable.class);
        }

        private static RecordComponent component(AnnotatedParameter parameter) {
            return parameter.getDeclaringClass().getRecordComponents()[parameter.getIndex()];
        }
    }

    /** The store has a column for it. */
    @JsonIgnoreProperties(value = "recordedAt", allowSetters = true)
    private interface WithoutRecordedAt {}

    private abstract static class AsText {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        AsText(String value) {}

        @JsonValue
        abstract String value();
    }

    private abstract static class AsNumber {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        AsNumber(long value) {}

        @JsonValue
        abstract long value();
    }

    private abstract static class AsOpenHolds {
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Holds of(Collection<Hold> open) {
            return Holds.of(open);
        }

        @JsonValue
        abstract List<Hold> open();
    }
}
