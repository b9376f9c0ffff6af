package dev.usageledger.api.crash;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * An organization under load.
 *
 * @param holdsFirst whether its callers use minutes under a HARD limit only after they have reserved them: such an
 *     organization must never use more than there is
 */
record Customer(String id, String plan, boolean holdsFirst) {
    /** The first two are hot. */
    static List<Customer> some() {
        Stream<Customer> hot = Stream.of(
                new Customer("hot-soft", plan("1000", "SOFT"), false),
                new Customer("hot-held", plan("300", "HARD"), true));
        Stream<Customer> others = IntStream.range(0, 22).mapToObj(Customer::other);
        return Stream.concat(hot, others).toList();
    }

    private static Customer other(int number) {
        return switch (number % 4) {
            case 0 -> new Customer("held-" + number, plan("100", "HARD"), true);
            case 1 -> new Customer("hard-" + number, plan("200", "HARD"), false);
            case 2 -> new Customer("soft-" + number, plan("100", "SOFT"), false);
            default -> new Customer("unlimited-" + number, plan("null", "HARD"), false);
        };
    }

    private static String plan(String includedMinutes, String limit) {
        return """
                {"code": "team", "includedMinutes": %s, "limit": "%s"}""".formatted(includedMinutes, limit);
    }
}
