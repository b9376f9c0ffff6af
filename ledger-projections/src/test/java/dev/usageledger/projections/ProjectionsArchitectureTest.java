package dev.usageledger.projections;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

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

    @Test
    void only_processing_knows_axon() {
        noClasses()
                .that()
                .resideOutsideOfPackage("dev.usageledger.projections.processing..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.axonframework..")
                .check(PROJECTIONS);
    }

    @Test
    void read_models_know_neither_each_other_nor_who_feeds_them() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "dev.usageledger.projections.processing..", "dev.usageledger.projections.rebuild..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.usageledger.projections.processing..", "dev.usageledger.projections.rebuild..")
                .check(PROJECTIONS);
        slices().matching("dev.usageledger.projections.(usage|transcriptions|periods|packs|reservations|members)")
                .should()
                .notDependOnEachOther()
                .check(PROJECTIONS);
    }
}
