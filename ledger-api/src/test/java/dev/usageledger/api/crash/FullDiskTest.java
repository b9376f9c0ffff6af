package dev.usageledger.api.crash;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.usageledger.api.crash.Caller.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger on a disk that fills up: a small one of its own, in memory, that only the service sees. */
class FullDiskTest {
    private static final int DISK_MEGABYTES = 400;
    private static final int MOST_COMMANDS = 20_000;

    @TempDir
    Path disk;

    private final Books books = new Books();
    private int commands;

    @BeforeEach
    void a_disk_can_be_made_here() throws Exception {
        assumeTrue(
                new ProcessBuilder(Stream.concat(onASmallDisk().stream(), Stream.of("true"))
                                        .toList())
                                .start()
                                .waitFor()
                        == 0,
                "this system lets nobody mount a disk in a namespace of their own");
    }

    @Test
    void a_full_disk_stops_commands_and_loses_none() throws Exception {
        Installation installation = new Installation(disk.resolve("data"), onASmallDisk());
        try (installation) {
            installation.start();
            Caller caller = new Caller(installation::url);
            acknowledge(
                    caller,
                    Command.open(
                            "acme",
                            "{\"code\": \"team\", \"includedMinutes\": null, \"limit\": \"HARD\"}",
                            "2026-01-31T00:00"));
            acknowledge(caller, record());

            Path ballast = installation.seen(disk.resolve("ballast"));
            fill(ballast);
            Command waiting = recordUntilRefused(caller);
            assertThat(caller.get("/v1/organizations/acme/usage").status()).isEqualTo(200);

            useUpTheLog(installation);
            assertIsRefused(caller, waiting);

            Files.delete(ballast);
            acknowledge(caller, waiting);
            acknowledge(caller, record());
            for (Command command : books.entries().keySet()) {
                Reply again = caller.send(command);
                assertThat(again.json().at("/replayed").asBoolean(false))
                        .as("%s", again.json())
                        .isTrue();
                books.note(command, again);
            }
        } catch (Throwable fault) {
            throw new AssertionError(
                    "%s%nThe service's last lines were:%n%s".formatted(fault.getMessage(), installation.lastWords()),
                    fault);
        }
    }

    private List<String> onASmallDisk() {
        return List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-ec",
                "mount -t tmpfs -o size=%dm,mode=700 ledger-test '%s'; exec \"$@\"".formatted(DISK_MEGABYTES, disk),
                "sh");
    }

    private static void fill(Path ballast) throws IOException {
        byte[] megabyte = new byte[1 << 20];
        try (OutputStream out = Files.newOutputStream(ballast)) {
            for (int written = 0; written <= DISK_MEGABYTES; written++) {
                out.write(megabyte);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left");
            return;
        }
        throw new AssertionError("more than the whole disk was free");
    }

    /** What space there is in files that are there already is used up first. */
    private Command recordUntilRefused(Caller caller) throws Exception {
        while (commands < MOST_COMMANDS) {
            Command command = record();
            Reply reply = caller.sendOnce(command).orElseThrow();
            if (reply.status() == 503) {
                assertThat(reply.code()).isEqualTo("overloaded");
                return command;
            }
            books.note(command, reply);
        }
        throw new AssertionError("a full disk refused none of %d commands".formatted(commands));
    }

    /** Uses up the write-ahead log that has been laid out already; then the server cannot go on at all. */
    private static void useUpTheLog(Installation installation) throws Exception {
        try (Connection superuser = installation.connect("postgres");
                Statement statement = superuser.createStatement()) {
            for (int segment = 0; segment < DISK_MEGABYTES; segment++) {
                statement.execute("SELECT pg_logical_emit_message(true, 'full', 'disk'), pg_switch_wal()");
            }
        } catch (SQLException e) {
            return;
        }
        throw new AssertionError("the write-ahead log had room on a full disk");
    }

    private static void assertIsRefused(Caller caller, Command command) throws Exception {
        Reply reply = caller.sendOnce(command).orElseThrow();
        assertThat(reply.status()).as("%s", reply.json()).isEqualTo(503);
        assertThat(reply.code()).isEqualTo("overloaded");
    }

    private Command record() {
        return Command.record("acme", "t" + commands++, 7);
    }

    private void acknowledge(Caller caller, Command command) throws InterruptedException {
        Reply reply = caller.send(command);
        assertThat(reply.isAcknowledged()).as("%s", reply.json()).isTrue();
        books.note(command, reply);
    }
}
