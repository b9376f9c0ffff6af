package dev.usageledger.organization;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usageledger.organization.RandomHistory.Mix;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Random histories to hold a law against: the same thousand each time. {@code -Dledger.histories=100000} looks further,
 * {@code -Dledger.seed=42} looks at one alone. A history that breaks the law is cut down to what it takes to break it.
 */
final class Histories {
    private static final long MANY = Long.getLong("ledger.histories", 1_000);
    private static final @Nullable Long ONLY = Long.getLong("ledger.seed");

    private final Mix mix;

    private Histories(Mix mix) {
        this.mix = mix;
    }

    /** What should be true of a history; {@code random} is the same whenever the seed is. */
    interface Law {
        void check(List<OrganizationCommand> commands, SplittableRandom random);
    }

    /** What should be true of some histories; tells whether this was one of them. */
    interface PartialLaw {
        boolean check(List<OrganizationCommand> commands, SplittableRandom random);
    }

    static Histories of(Mix mix) {
        return new Histories(mix);
    }

    void each(Law law) {
        eachThatIsConcerned((commands, random) -> {
            law.check(commands, random);
            return true;
        });
    }

    /** Goes on until the law has been held against a thousand histories that it has something to say of. */
    void eachThatIsConcerned(PartialLaw law) {
        if (ONLY != null) {
            check(law, ONLY);
            return;
        }
        long concerned = 0;
        for (long seed = 1; concerned < MANY && seed <= 10 * MANY; seed++) {
            concerned += check(law, seed) ? 1 : 0;
        }
        assertThat(concerned).as("histories that the law is about").isEqualTo(MANY);
    }

    private boolean check(PartialLaw law, long seed) {
        List<OrganizationCommand> commands = RandomHistory.of(seed, mix);
        try {
            return law.check(commands, new SplittableRandom(seed));
        } catch (AssertionError | RuntimeException broken) {
            List<OrganizationCommand> smallest = cutDown(commands, law, seed);
            throw new AssertionError(
                    "Seed %d breaks the law; -Dledger.seed=%d looks at it alone. These commands are enough to break it:%n%s"
                            .formatted(
                                    seed,
                                    seed,
                                    smallest.stream().map(Object::toString).collect(Collectors.joining("\n"))),
                    breaks(smallest, law, seed));
        }
    }

    private static @Nullable Throwable breaks(List<OrganizationCommand> commands, PartialLaw law, long seed) {
        try {
            law.check(commands, new SplittableRandom(seed));
            return null;
        } catch (AssertionError | RuntimeException broken) {
            return broken;
        }
    }

    /** Leaves out one command after the other for as long as the rest still breaks the law. */
    private static List<OrganizationCommand> cutDown(List<OrganizationCommand> commands, PartialLaw law, long seed) {
        for (int i = commands.size() - 1; i >= 0; i--) {
            List<OrganizationCommand> without = new ArrayList<>(commands);
            without.remove(i);
            if (breaks(without, law, seed) != null) {
                return cutDown(without, law, seed);
            }
        }
        return commands;
    }
}
