package dev.usageledger.api.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.usageledger.api.CannotStartException;
import dev.usageledger.api.DataDirectory;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class EmbeddedPostgresTest {
    /** Made once, since the tests are not about initdb; each works on a copy. */
    @TempDir
    static Path prepared;

    @TempDir
    Path temporary;

    private final List<String> progress = new ArrayList<>();

    @BeforeAll
    static void prepare() {
        try (var directory = DataDirectory.open(prepared)) {
            EmbeddedPostgres.start(directory, line -> {}).close();
        }
    }

    @BeforeEach
    void copy_what_is_prepared() throws IOException {
        try (Stream<Path> files = Files.walk(prepared)) {
            for (Path file : files.skip(1).toList()) {
                Files.copy(
                        file,
                        temporary.resolve(prepared.relativize(file)),
                        StandardCopyOption.COPY_ATTRIBUTES,
                        LinkOption.NOFOLLOW_LINKS);
            }
        }
    }

    @AfterEach
    void leave_no_server_behind() throws IOException {
        Postmaster.on(data()).ifPresent(left -> kill(left.pid()));
    }

    @Test
    void the_first_start_makes_a_server(@TempDir Path empty) throws Exception {
        try (var directory = DataDirectory.open(empty);
                var postgres = start(directory)) {
            assertThat(query(postgres, "SELECT current_database()")).isEqualTo("ledger");
            assertThat(progress).containsExactly("Preparing PostgreSQL in %s …".formatted(directory.path()));
        }
    }

    @Test
    void nothing_in_the_data_directory_makes_the_server_less_durable() throws Exception {
        Files.writeString(
                data().resolve("postgresql.auto.conf"),
                "fsync = off\nsynchronous_commit = off\nfull_page_writes = off\nlisten_addresses = '*'\n");

        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(settings(postgres, "fsync", "synchronous_commit", "full_page_writes", "listen_addresses"))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "fsync", "on",
                            "synchronous_commit", "on",
                            "full_page_writes", "on",
                            "listen_addresses", "127.0.0.1"));
        }
    }

    @Test
    void a_second_start_finds_what_the_first_one_kept() throws Exception {
        int port;
        try (var directory = open();
                var postgres = start(directory)) {
            port = postgres.port();
            execute(postgres, "CREATE TABLE kept AS SELECT 'still here' AS word");
        }
        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(query(postgres, "SELECT word FROM kept")).isEqualTo("still here");
            assertThat(postgres.port()).isEqualTo(port);
        }
    }

    @Test
    void closing_stops_the_server() throws Exception {
        try (var directory = open()) {
            start(directory).close();
        }
        assertThat(Postmaster.on(data())).isEmpty();
    }

    @Test
    void the_service_owns_its_database_and_has_no_rights_beyond() throws Exception {
        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(query(postgres, """
                            SELECT concat_ws(' ', rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls)
                            FROM pg_roles WHERE rolname = current_user""")).isEqualTo("f f f f f");
            assertThat(query(
                            postgres,
                            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"))
                    .isEqualTo(postgres.access().user());
        }
    }

    @Test
    void a_wrong_password_is_refused() throws Exception {
        try (var directory = open();
                var postgres = start(directory)) {
            assertThatThrownBy(() -> DriverManager.getConnection(
                            postgres.access().jdbcUrl(), postgres.access().user(), "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
        }
    }

    @Test
    void a_dashboard_reads_what_it_is_granted_and_writes_nothing() throws Exception {
        try (var directory = open();
                var postgres = start(directory)) {
            execute(postgres, "CREATE TABLE figures AS SELECT 42 AS figure");
            execute(postgres, "CREATE TABLE secrets AS SELECT 'x' AS secret");
            execute(postgres, "GRANT SELECT ON figures TO ledger_readonly");

            try (Connection dashboard = DriverManager.getConnection(
                    postgres.access().jdbcUrl(), "ledger_readonly", directory.secret("ledger_readonly"))) {
                assertThat(query(dashboard, "SELECT figure FROM figures")).isEqualTo("42");
                assertThatThrownBy(() -> query(dashboard, "SELECT secret FROM secrets"))
                        .hasMessageContaining("permission denied");
                assertThatThrownBy(() -> execute(dashboard, "CREATE TABLE mine (id int)"))
                        .hasMessageContaining("read-only transaction");
            }
        }
    }

    @Test
    void secrets_are_for_their_owner_alone() throws Exception {
        try (var directory = open();
                var postgres = start(directory);
                Stream<Path> secrets = Files.list(directory.resolve("secrets"))) {
            assertThat(postgres.access().password()).hasSizeGreaterThanOrEqualTo(32);
            assertThat(secrets)
                    .hasSize(3)
                    .allSatisfy(file -> assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                            .isEqualTo("rw-------"));
        }
    }

    @Test
    void the_server_that_a_killed_service_left_is_taken_over() throws Exception {
        Process service = startServiceProcess();
        long orphan = Postmaster.on(data()).orElseThrow().pid();
        service.destroyForcibly().waitFor();

        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(Postmaster.on(data()).orElseThrow().pid()).isEqualTo(orphan);
            assertThat(progress).containsExactly("Took over the PostgreSQL that a killed ledger left running.");
            assertThat(query(postgres, "SELECT word FROM kept")).isEqualTo("acknowledged");
        }
        assertThat(Postmaster.on(data())).isEmpty();
    }

    @Test
    void what_a_killed_service_left_under_way_does_not_commit_later() throws Exception {
        try (var directory = open();
                var postgres = start(directory)) {
            execute(postgres, "CREATE TABLE entries (id int)");
            try (Connection underWay = connect(postgres)) {
                underWay.setAutoCommit(false);
                execute(underWay, "INSERT INTO entries VALUES (1)");

                LedgerDatabase.prepare(postgres.port(), directory);

                assertThatThrownBy(underWay::commit).isInstanceOf(SQLException.class);
                assertThat(query(postgres, "SELECT count(*) FROM entries")).isEqualTo("0");
            }
        }
    }

    @Test
    void a_killed_server_comes_back_with_what_it_acknowledged() throws Exception {
        try (var directory = open();
                var postgres = start(directory)) {
            execute(postgres, "CREATE TABLE kept AS SELECT 'acknowledged' AS word");
            long killed = Postmaster.on(data()).orElseThrow().pid();
            kill(killed);

            await(() -> Postmaster.on(data())
                    .filter(server -> server.pid() != killed)
                    .isPresent());
            await(() -> answers(postgres));
            assertThat(query(postgres, "SELECT word FROM kept")).isEqualTo("acknowledged");
        }
        assertThat(Postmaster.on(data())).isEmpty();
    }

    @Test
    void a_service_and_a_server_killed_together_lose_nothing_acknowledged() throws Exception {
        Process service = startServiceProcess();
        long server = Postmaster.on(data()).orElseThrow().pid();
        service.destroyForcibly().waitFor();
        kill(server);

        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(query(postgres, "SELECT word FROM kept")).isEqualTo("acknowledged");
        }
    }

    @Test
    void a_stale_pid_file_that_names_a_stranger_does_not_stop_the_start() throws Exception {
        long stranger = ProcessHandle.current().pid();
        Files.writeString(
                Postmaster.pidFile(data()), "%d\n%s\n1767225600\n15432\n\n127.0.0.1\n".formatted(stranger, data()));

        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(query(postgres, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void a_first_start_that_was_killed_half_way_is_made_again() throws Exception {
        Files.move(data(), data().resolveSibling("postgres.new"));

        try (var directory = open();
                var postgres = start(directory)) {
            assertThat(query(postgres, "SELECT current_database()")).isEqualTo("ledger");
        }
    }

    @Test
    void a_port_that_was_taken_meanwhile_is_left_to_its_taker() throws Exception {
        int port;
        try (var directory = open();
                var postgres = start(directory)) {
            port = postgres.port();
        }
        try (var taker = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                var directory = open();
                var postgres = start(directory)) {
            assertThat(postgres.port()).isNotEqualTo(taker.getLocalPort());
            assertThat(progress)
                    .contains("Port %d, which PostgreSQL had, is taken; it moves to %d."
                            .formatted(port, postgres.port()));
        }
    }

    @Test
    void connections_find_a_server_that_had_to_move() throws Exception {
        String url;
        int port;
        try (var directory = open();
                var postgres = start(directory)) {
            url = postgres.access().jdbcUrl();
            port = postgres.port();
        }
        try (var taker = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
                var directory = open();
                var postgres = start(directory);
                Connection connection = DriverManager.getConnection(
                        url, postgres.access().user(), postgres.access().password())) {
            assertThat(query(connection, "SHOW port"))
                    .isEqualTo(Integer.toString(postgres.port()))
                    .isNotEqualTo(Integer.toString(taker.getLocalPort()));
        }
    }

    @Test
    void the_data_of_another_version_is_left_alone() throws Exception {
        Files.writeString(data().resolve("PG_VERSION"), "17\n");

        try (var directory = open()) {
            assertThatThrownBy(() -> start(directory))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("made by PostgreSQL 17, and this ledger brings 18")
                    .hasMessageContaining("--data")
                    .message()
                    .doesNotContain("\n");
        }
    }

    @Test
    void a_server_that_does_not_start_says_why_in_one_line() throws Exception {
        try (var directory = open()) {
            start(directory).close();
            Files.delete(data().resolve("global/pg_control"));

            assertThatThrownBy(() -> start(directory))
                    .isInstanceOf(CannotStartException.class)
                    .hasMessageContaining("pg_control")
                    .hasMessageContaining("postgres.log")
                    .message()
                    .doesNotContain("\n");
        }
    }

    private DataDirectory open() {
        return DataDirectory.open(temporary);
    }

    private Path data() throws IOException {
        return temporary.toRealPath().resolve("postgres");
    }

    private EmbeddedPostgres start(DataDirectory directory) {
        progress.clear();
        return EmbeddedPostgres.start(directory, progress::add);
    }

    private Process startServiceProcess() throws IOException {
        Process service = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ServiceProcess.class.getName(),
                        temporary.toString())
                .redirectErrorStream(true)
                .start();
        assertThat(service.inputReader().lines().anyMatch("ready"::equals)).isTrue();
        return service;
    }

    static final class ServiceProcess {
        public static void main(String[] arguments) throws Exception {
            var postgres = EmbeddedPostgres.start(DataDirectory.open(Path.of(arguments[0])), line -> {});
            execute(postgres, "CREATE TABLE kept AS SELECT 'acknowledged' AS word");
            System.out.println("ready");
            Thread.currentThread().join();
        }
    }

    private static void await(Callable<Boolean> condition) throws Exception {
        while (!condition.call()) {
            Thread.sleep(50);
        }
    }

    private static boolean answers(EmbeddedPostgres postgres) {
        try (Connection connection = connect(postgres)) {
            return connection.isValid(1);
        } catch (SQLException e) {
            return false;
        }
    }

    private static void kill(long pid) {
        ProcessHandle.of(pid).ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().join();
        });
    }

    private static Connection connect(EmbeddedPostgres postgres) throws SQLException {
        return DriverManager.getConnection(
                postgres.access().jdbcUrl(),
                postgres.access().user(),
                postgres.access().password());
    }

    private static void execute(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres)) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String query(EmbeddedPostgres postgres, String sql) throws SQLException {
        try (Connection connection = connect(postgres)) {
            return query(connection, sql);
        }
    }

    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Map<String, String> settings(EmbeddedPostgres postgres, String... names) {
        return Stream.of(names).collect(Collectors.toMap(name -> name, name -> show(postgres, name)));
    }

    private static String show(EmbeddedPostgres postgres, String setting) {
        try {
            return query(postgres, "SHOW " + setting);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
