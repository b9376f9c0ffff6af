package dev.usageledger.projections;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

class ProjectionsArchitectureTest {
    private static final JavaClasses PROJECTIONS = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.usageledger.projections");

    @Test
    void projections_do_not_see_the_edges() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.usageledger.api..", "org.springframework.boot..", "org.springframework.web..")
                .check(PROJECTIONS);
    }
}
