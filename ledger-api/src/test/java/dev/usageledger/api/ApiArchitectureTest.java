package dev.usageledger.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

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
        noClasses()
                .that()
                .resideInAPackage("dev.usageledger.api.http..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.usageledger.api.cli..")
                .allowEmptyShould(true)
                .check(LEDGER);
    }
}
