package dev.usageledger;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class CoreArchitectureTest {
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.usageledger");

    @Test
    void the_domain_sees_java_alone() {
        classes()
                .that()
                .resideInAPackage("dev.usageledger.organization..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage("dev.usageledger.organization..", "java..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void the_domain_has_no_clock() {
        noClasses()
                .that()
                .resideInAPackage("dev.usageledger.organization..")
                .should()
                .dependOnClassesThat()
                .areAssignableTo(java.time.Clock.class)
                .orShould()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .check(CORE);
    }

    @Test
    void the_core_sees_no_spring_and_no_other_module() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.springframework..", "dev.usageledger.projections..", "dev.usageledger.api..")
                .check(CORE);
    }
}
