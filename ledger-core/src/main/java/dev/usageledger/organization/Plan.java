package dev.usageledger.organization;

import org.jspecify.annotations.Nullable;

/**
 * What an organization has subscribed to.
 *
 * @param code the product's name for it, 1 to 128 characters
 * @param includedMinutes base minutes per billing period; {@code null} means unlimited
 * @param limit whether an upload may be refused for lack of minutes
 */
public record Plan(String code, @Nullable Minutes includedMinutes, Limit limit) {
    /** {@code HARD} plans refuse to reserve more than remains; {@code SOFT} plans count and carry on. */
    public enum Limit {
        HARD,
        SOFT
    }

    public Plan {
        Limits.requireText("plan.code", code, 128);
        if (includedMinutes != null) {
            Limits.requireAtMost("plan.includedMinutes", includedMinutes, Minutes.MOST_PER_COMMAND);
        }
    }

    public boolean isUnlimited() {
        return includedMinutes == null;
    }
}
