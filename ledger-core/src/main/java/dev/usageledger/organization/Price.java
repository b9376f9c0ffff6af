package dev.usageledger.organization;

import java.math.BigDecimal;
import java.util.regex.Pattern;

/**
 * What a pack was sold for, kept for the invoice and never computed with. A goodwill pack has the amount 0.
 *
 * @param amount 0 or more, less than 10^12, at most 4 decimal places; trailing zeros do not matter
 * @param currency three capital letters, as in ISO 4217
 */
public record Price(BigDecimal amount, String currency) {
    private static final Pattern CURRENCY = Pattern.compile("[A-Z]{3}");
    private static final int MOST_DECIMALS = 4;
    private static final BigDecimal BOUND = BigDecimal.TEN.pow(12);

    public Price {
        // Bounds come first: stripping a number like 1E+1000000000 must never be tried.
        if (amount.signum() < 0
                || amount.precision() - (long) amount.scale() > BOUND.precision()
                || amount.compareTo(BOUND) >= 0) {
            throw new IllegalArgumentException("price.amount must be from 0 to less than 10^12");
        }
        amount = canonical(amount);
        if (amount.scale() > MOST_DECIMALS) {
            throw new IllegalArgumentException("price.amount must have at most " + MOST_DECIMALS + " decimal places");
        }
        if (!CURRENCY.matcher(currency).matches()) {
            throw new IllegalArgumentException("price.currency must be three capital letters");
        }
    }

    /** One form for one amount, so that 9.90 and 9.9 are the same content. */
    private static BigDecimal canonical(BigDecimal amount) {
        BigDecimal stripped = amount.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
