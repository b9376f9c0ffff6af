package dev.usageledger.api.http.request;

import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import java.util.function.Supplier;

/** Parts that several requests share. */
public final class Fields {
    private static final int LONGEST_CODE = 128;

    private Fields() {}

    public static Given<OrganizationId> organizationId(Request request) {
        return request.path("organizationId", OrganizationId::new);
    }

    /** {@code plan {code, includedMinutes, limit}}; includedMinutes has to be said, and null means unlimited. */
    public static Supplier<Plan> plan(JsonObject body) {
        JsonObject plan = body.requiredObject("plan");
        var code = plan.required("code", Json.string(Text.upTo(LONGEST_CODE)));
        var includedMinutes = plan.requiredOrNull("includedMinutes", Json.minutes(0));
        var limit = plan.required("limit", Json.string(Text.word(Plan.Limit.class, Plan.Limit::name)));
        return () -> new Plan(code.value(), includedMinutes.orNull(), limit.value());
    }
}
