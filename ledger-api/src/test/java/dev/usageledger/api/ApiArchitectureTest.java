package dev.usageledger.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

class ApiArchitectureTest {
    private static final JavaClasses LEDGER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.usageledger");

    @Test
    void nothing_reaches_into_the_edges() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.usageledger.api..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.usageledger.api..")
                .check(LEDGER);
    }

    @Test
    void http_and_command_line_know_nothing_of_each_other() {
        slices().matching("dev.usageledger.api.(http|cli)..")
                .should()
                .notDependOnEachOther()
                .check(LEDGER);
    }

    @Test
    void the_edges_do_not_know_what_the_engine_is_made_of() {
        noClasses()
                .that()
                .resideInAPackage("dev.usageledger.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.axonframework..")
                .check(LEDGER);
    }

    @Test
    void the_embedded_server_needs_no_spring() {
        noClasses()
                .that()
                .resideInAPackage("dev.usageledger.api.postgres..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..")
                .check(LEDGER);
    }

    @Test
    void no_connection_is_left_with_a_stream_that_nobody_closes() {
        noClasses()
                .should()
                .callMethod(JdbcClient.MappedQuerySpec.class, "stream")
                .because("it keeps its connection until it is closed: use list()")
                .check(LEDGER);
    }
}
