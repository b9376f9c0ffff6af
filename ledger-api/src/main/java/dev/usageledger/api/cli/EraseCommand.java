package dev.usageledger.api.cli;

import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.api.access.PersonErasure;
import dev.usageledger.api.access.PersonErasure.Erased;
import dev.usageledger.organization.UserId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "erase",
        description = {
            "Forgets who a person is: their e-mail addresses in all organizations, and what was noted of their refused",
            "calls. Events, memberships and every number stay as they are."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
final class EraseCommand implements Runnable {
    /** One of the two. */
    static final class Whom {
        @Parameters(index = "0", paramLabel = "<email>", description = "one of the person's e-mail addresses")
        @Nullable
        String email;

        @Option(names = "--user", paramLabel = "<userId>", description = "the person by identifier")
        @Nullable
        String userId;
    }

    @Spec
    @Nullable
    CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    Whom whom = new Whom();

    @Mixin
    DataOption data = new DataOption();

    @Override
    public void run() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        try (OpenLedger open = OpenLedger.in(data)) {
            Erased erased = erase(new PersonErasure(JdbcClient.create(open.database())));
            line.getOut()
                    .printf(
                            "Erased %d %s of %d %s.%n",
                            erased.addresses(),
                            erased.addresses() == 1 ? "address" : "addresses",
                            erased.userIds().size(),
                            erased.userIds().size() == 1 ? "person" : "people");
        } catch (IllegalArgumentException e) {
            throw new CommandLine.ParameterException(line, "ledger: " + e.getMessage(), e);
        }
    }

    private Erased erase(PersonErasure erasure) {
        return whom.email == null
                ? erasure.byUser(new UserId(String.valueOf(whom.userId)))
                : erasure.byEmail(MemberEmails.normalized(whom.email));
    }
}
