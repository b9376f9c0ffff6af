package dev.usageledger.api.http;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.usageledger.api.http.request.Text;
import dev.usageledger.organization.CorrectionId;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.PlanChangeId;
import dev.usageledger.organization.PurchaseId;
import dev.usageledger.organization.RefundId;
import dev.usageledger.organization.ReservationId;
import dev.usageledger.organization.TranscriptionId;
import dev.usageledger.organization.UserId;
import java.util.List;
import org.springframework.boot.jackson.autoconfigure.JsonMapperBuilderCustomizer;
import org.springframework.stereotype.Component;
import tools.jackson.core.JsonGenerator;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.SerializationContext;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.ser.std.StdSerializer;

/**
 * How domain types look to callers: minutes as numbers, identifiers as strings, constants in lower case with hyphens.
 * Members come in the order in which they are declared.
 */
@Component
final class LedgerJson implements JsonMapperBuilderCustomizer {
    private static final List<Class<?>> IDENTIFIERS = List.of(
            OrganizationId.class,
            TranscriptionId.class,
            ReservationId.class,
            PurchaseId.class,
            CorrectionId.class,
            RefundId.class,
            PlanChangeId.class,
            UserId.class);

    @Override
    public void customize(JsonMapper.Builder mapper) {
        mapper.disable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY);
        mapper.addMixIn(Minutes.class, AsNumber.class);
        IDENTIFIERS.forEach(type -> mapper.addMixIn(type, AsText.class));
        mapper.addModule(new SimpleModule("ledger-constants").addSerializer(new Constants()));
    }

    private interface AsNumber {
        @JsonValue
        long value();
    }

    private interface AsText {
        @JsonValue
        String value();
    }

    private static final class Constants extends StdSerializer<Enum<?>> {
        Constants() {
            super(Enum.class);
        }

        @Override
        public void serialize(Enum<?> constant, JsonGenerator json, SerializationContext context) {
            json.writeString(constant instanceof Plan.Limit ? constant.name() : Text.kebab(constant));
        }
    }
}
