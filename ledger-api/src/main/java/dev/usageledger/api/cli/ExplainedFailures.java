package dev.usageledger.api.cli;

import dev.usageledger.api.CannotStartException;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.SpringBootExceptionReporter;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.web.server.PortInUseException;
import org.springframework.context.ConfigurableApplicationContext;

/** Keeps Spring from reporting at length what the command line tells in one line. Named in {@code spring.factories}. */
final class ExplainedFailures implements SpringBootExceptionReporter {
    ExplainedFailures(@Nullable ConfigurableApplicationContext context) {}

    @Override
    public boolean reportException(Throwable failure) {
        return explanationOf(failure).isPresent();
    }

    /** What to tell about a failure that a person can mend, wherever among its causes that is. */
    static Optional<CannotStartException> explanationOf(Throwable failure) {
        return Stream.<@Nullable Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .flatMap(ExplainedFailures::explain)
                .findFirst();
    }

    private static Stream<CannotStartException> explain(@Nullable Throwable cause) {
        return switch (cause) {
            case CannotStartException explained -> Stream.of(explained);
            case PortInUseException taken -> Stream.of(portTaken(taken.getPort(), taken));
            case BindException unusable -> Stream.of(unusableSetting(unusable));
            case null, default -> Stream.empty();
        };
    }

    private static CannotStartException unusableSetting(BindException unusable) {
        Throwable reason = unusable;
        while (reason.getCause() != null) {
            reason = reason.getCause();
        }
        return new CannotStartException(
                "The setting %s cannot be used: %s. Correct it where it was set."
                        .formatted(unusable.getName(), reason.getMessage()),
                unusable);
    }

    static CannotStartException portTaken(int port, Exception cause) {
        return new CannotStartException(
                "Port %d is taken. Stop what listens there, or name another with --port.".formatted(port), cause);
    }
}
