package dev.usageledger.api.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.usageledger.api.BannerLine;
import dev.usageledger.api.LedgerApplication;
import dev.usageledger.api.access.MemberEmails;
import dev.usageledger.engine.Ledger;
import dev.usageledger.engine.Origin;
import dev.usageledger.organization.LedgerPolicy;
import dev.usageledger.organization.Minutes;
import dev.usageledger.organization.OrganizationCommand;
import dev.usageledger.organization.OrganizationCommand.OpenOrganization;
import dev.usageledger.organization.OrganizationId;
import dev.usageledger.organization.Plan;
import dev.usageledger.organization.UserId;
import dev.usageledger.projections.members.MemberQuery;
import dev.usageledger.projections.processing.ReadModels;
import dev.usageledger.projections.usage.OrganizationFilter;
import dev.usageledger.projections.usage.OrganizationOrder;
import dev.usageledger.projections.usage.OrganizationUsageQuery;
import dev.usageledger.projections.usage.OrganizationUsageRow;
import dev.usageledger.testing.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.DefaultApplicationArguments;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The demo on a real database. */
class DemoTest {
    private static final Instant FEBRUARY = Instant.parse("2026-02-17T10:30:00Z");

    private final HikariDataSource database = TestDatabase.create();

    @TempDir
    Path directory;

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_start_fills_an_empty_ledger_before_anybody_asks() throws Exception {
        SpringApplication application = new SpringApplication(LedgerApplication.class);
        try (ConfigurableApplicationContext service = application.run(
                "--server.port=0",
                "--spring.datasource.url=" + database.getJdbcUrl(),
                "--spring.datasource.username=" + database.getUsername(),
                "--spring.datasource.password=" + database.getPassword(),
                "--ledger.test-clock=" + FEBRUARY,
                "--ledger.audit.data=" + directory,
                "--ledger.demo=true")) {
            assertThat(service.getBeansOfType(BannerLine.Source.class).values())
                    .flatExtracting(source -> source.lines().toList())
                    .contains(new BannerLine("Demo", "16 made-up organizations, demo-…, as of 2026-02-17T10:30:00Z"));
            assertThat(service.getBean(ReadModels.class)
                            .awaitPosition(service.getBean(Ledger.class).head(), Duration.ofMinutes(1)))
                    .isTrue();
        }
        Map<String, Set<String>> byStatus = new OrganizationUsageQuery(database)
                .list(OrganizationFilter.ALL, OrganizationOrder.NEWEST, null, 100).items().stream()
                        .collect(Collectors.groupingBy(
                                row -> row.status().name(),
                                Collectors.mapping(OrganizationUsageRow::organizationId, Collectors.toSet())));
        assertThat(byStatus.get("EXHAUSTED"))
                .containsExactlyInAnyOrder("demo-northwind-legal", "demo-cedar-university");
        assertThat(byStatus.get("UNLIMITED")).containsExactly("demo-atlas-research");
        assertThat(byStatus.get("LOW")).contains("demo-pinewood-clinic", "demo-brightline-podcasts");
        MemberQuery members = new MemberQuery(database);
        assertThat(members.organizationsOf(new UserId("demo-ines"), 10)).hasSize(2);
        assertThat(members.organizationsOf(new UserId("demo-tomas"), 10)).isEmpty();
    }

    @Test
    void all_of_it_says_that_it_is_a_demo() {
        start(FEBRUARY);

        assertThat(texts("SELECT DISTINCT metadata ->> 'actor' FROM ledger.events"))
                .containsExactly("demo");
        assertThat(texts("SELECT DISTINCT metadata ->> 'reason' FROM ledger.events"))
                .containsExactly("demo: made up, to have something to look at");
        assertThat(texts("SELECT DISTINCT left(organization_id, 5) FROM ledger.events"))
                .containsExactly("demo-");
        assertThat(texts("SELECT email FROM access.member_emails"))
                .hasSizeGreaterThan(10)
                .allMatch(email -> email.endsWith("@example.com"));
    }

    @Test
    void the_same_moment_makes_the_same_world() {
        start(FEBRUARY);
        try (HikariDataSource other = TestDatabase.create()) {
            start(other, FEBRUARY);

            assertThat(events(other)).isEqualTo(events(database));
        }
    }

    @Test
    void a_second_start_changes_nothing_however_much_later() {
        start(FEBRUARY);
        List<String> before = events(database);
        String said = start(FEBRUARY.plus(Duration.ofDays(40)));

        assertThat(events(database)).isEqualTo(before);
        assertThat(said).isEqualTo("16 made-up organizations, demo-…, as of 2026-02-17T10:30:00Z");
    }

    @Test
    void what_a_killed_start_left_out_is_told_by_the_next() {
        List<Story> world = DemoWorld.asOf(FEBRUARY);
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            world.subList(0, 5).forEach(story -> send(story.commands(), Demo.ORIGIN, ledger));
            List<OrganizationCommand> underWay = world.get(5).commands();
            send(underWay.subList(0, underWay.size() / 2), Demo.ORIGIN, ledger);
        }
        start(FEBRUARY.plus(Duration.ofHours(3)));
        try (HikariDataSource uninterrupted = TestDatabase.create()) {
            start(uninterrupted, FEBRUARY);

            assertThat(events(database)).isEqualTo(events(uninterrupted));
        }
    }

    @Test
    void a_ledger_with_a_history_of_its_own_is_left_alone() {
        OpenOrganization real = new OpenOrganization(
                new OrganizationId("acme"),
                FEBRUARY,
                "Acme",
                new Plan("team", Minutes.of(100), Plan.Limit.HARD),
                ZoneOffset.UTC,
                LocalDateTime.parse("2026-01-31T00:00"));
        try (Ledger ledger = new Ledger(database, LedgerPolicy.STANDARD)) {
            send(List.of(real), new Origin("admin", "1", null), ledger);
        }
        String said = start(FEBRUARY);

        assertThat(events(database)).hasSize(1);
        assertThat(said).startsWith("not filled in, since this ledger has a history of its own");
    }

    private static void send(List<? extends OrganizationCommand> commands, Origin origin, Ledger ledger) {
        commands.forEach(command -> ledger.send(command, origin).join());
    }

    private String start(Instant now) {
        return start(database, now);
    }

    /** Starts the demo alone; tells what the banner would say of it. */
    private static String start(HikariDataSource database, Instant now) {
        try (var context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("test", Map.of("ledger.demo", "true")));
            context.registerBean(InstantSource.class, () -> InstantSource.fixed(now));
            context.registerBean(JdbcClient.class, () -> JdbcClient.create(database));
            context.registerBean(Ledger.class, () -> new Ledger(database, LedgerPolicy.STANDARD));
            context.register(MemberEmails.class, Demo.class);
            context.refresh();
            Demo demo = context.getBean(Demo.class);
            demo.run(new DefaultApplicationArguments());
            return demo.lines().toList().getFirst().text();
        }
    }

    private static List<String> events(HikariDataSource database) {
        return JdbcClient.create(database).sql("""
                        SELECT concat_ws(' ', organization_id, sequence, event_id, type, recorded_at, payload)
                        FROM ledger.events ORDER BY organization_id, sequence
                        """).query(String.class).list();
    }

    private List<String> texts(String sql) {
        return JdbcClient.create(database).sql(sql).query(String.class).list();
    }
}
