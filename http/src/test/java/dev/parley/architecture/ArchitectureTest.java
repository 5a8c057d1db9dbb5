package dev.parley.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds the arrows between modules and packages that docs/ARCHITECTURE.md draws. */
class ArchitectureTest {
    private static final String STORE = "dev.parley.store..";
    private static final String COORDINATION = "dev.parley.coordination..";
    private static final String HTTP = "dev.parley.http..";
    private static final String[] PURE = {
        "dev.parley.store.kv..", "dev.parley.store.merkle..", "dev.parley.store.lamport.."
    };
    private static final String[] WEB = {"io.javalin..", "org.eclipse.jetty..", "jakarta.servlet.."};
    private static final String[] ZOOKEEPER = {"org.apache.zookeeper..", "org.apache.curator.."};
    private static final String JACKSON = "com.fasterxml.jackson..";

    private static JavaClasses production;

    @BeforeAll
    static void importProductionCode() {
        production = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .withImportOption(location -> !location.contains("-tests.jar"))
                .importPackages("dev.parley");
    }

    @Test
    void theImporterSeesEveryModuleAndNoTest() {
        Set<String> seen = production.stream()
                .filter(type -> !type.getSimpleName().equals("package-info"))
                .map(JavaClass::getPackageName)
                .map(name -> Arrays.stream(name.split("\\.")).limit(4).collect(Collectors.joining(".")))
                .collect(Collectors.toCollection(TreeSet::new));
        List<String> expected = List.of(
                "dev.parley.store.kv",
                "dev.parley.store.lamport",
                "dev.parley.store.log",
                "dev.parley.store.merkle",
                "dev.parley.store.replica",
                "dev.parley.store.table",
                "dev.parley.coordination.zklog",
                "dev.parley.coordination.embedded",
                "dev.parley.coordination.election",
                "dev.parley.coordination.membership",
                "dev.parley.http.api",
                "dev.parley.http.node",
                "dev.parley.http.cli");
        assertEquals(
                List.of(),
                expected.stream().filter(name -> !seen.contains(name)).toList(),
                () -> "these packages were not imported; seen: " + seen);
        assertTrue(production.stream().noneMatch(type -> type.getSimpleName().endsWith("Test")));
    }

    @Test
    void theStoreKnowsNeitherZooKeeperNorHttpNorJson() {
        holds(noClasses()
                .that()
                .resideInAPackage(STORE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(together(ZOOKEEPER, WEB, new String[] {JACKSON, "picocli..", COORDINATION, HTTP})));
    }

    @Test
    void coordinationDoesNotKnowHttp() {
        holds(noClasses()
                .that()
                .resideInAPackage(COORDINATION)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(together(WEB, new String[] {"picocli..", HTTP})));
    }

    @Test
    void onlyCoordinationImportsZooKeeperAndCurator() {
        holds(onlyIn(COORDINATION, ZOOKEEPER));
    }

    @Test
    void onlyHttpImportsJavalinAndJetty() {
        holds(onlyIn(HTTP, WEB));
    }

    @Test
    void onlyTheTablesImportMapDb() {
        holds(onlyIn("dev.parley.store.table..", "org.mapdb.."));
    }

    @Test
    void onlyCronImportsCronUtils() {
        holds(onlyIn("dev.parley.coordination.process.cron..", "com.cronutils.."));
    }

    /** It starts with 16 MB and must not miss anything else. */
    @Test
    void theGuardOfProgramsNeedsNothingButTheJdk() {
        holds(noClasses()
                .that()
                .resideInAPackage("dev.parley.coordination.process.guard..")
                .should()
                .dependOnClassesThat(JavaClass.Predicates.resideOutsideOfPackages(
                        "java..", "dev.parley.coordination.process.guard..", "org.jspecify..")));
    }

    @Test
    void onlyTheApiImportsMicrometer() {
        holds(onlyIn("dev.parley.http.api..", "io.micrometer.."));
    }

    @Test
    void onlyTheCommandLineImportsPicocli() {
        holds(onlyIn("dev.parley.http.cli..", "picocli.."));
    }

    /** Requirement I12: the logic is in the pure core, the shell around it is thin. */
    @Test
    void thePureCoreDoesNoInputOrOutputAndHasNoThreads() {
        holds(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.io..",
                        "java.net..",
                        "java.nio.file..",
                        "java.nio.channels..",
                        "java.util.concurrent..",
                        "org.slf4j.."));
        holds(noClasses()
                .that()
                .resideInAnyPackage(PURE)
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Thread.class));
    }

    @Test
    void thePureCoreImportsNothingFromTheRest() {
        for (String pure : PURE) {
            holds(noClasses()
                    .that()
                    .resideInAPackage(pure)
                    .should()
                    .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.parley..")
                            .and(JavaClass.Predicates.resideOutsideOfPackages(PURE)))
                    .allowEmptyShould(true));
        }
    }

    /** Requirement K13. */
    @Test
    void treeAndLogicalTimeImportNothingElseOfOurs() {
        for (String pure : List.of("dev.parley.store.merkle..", "dev.parley.store.lamport..")) {
            holds(noClasses()
                    .that()
                    .resideInAPackage(pure)
                    .should()
                    .dependOnClassesThat(JavaClass.Predicates.resideInAPackage("dev.parley..")
                            .and(JavaClass.Predicates.resideOutsideOfPackage(pure))));
        }
    }

    @Test
    void timeAndChanceComeInFromTheShell() {
        holds(noClassOutside("dev.parley.http.node..", "dev.parley.http.cli.."));
    }

    @Test
    void packagesAreFreeOfCycles() {
        holds(slices().matching("dev.parley.(**)").should().beFreeOfCycles());
    }

    @Test
    void namesSayWhatAThingIs() {
        holds(noClasses().should().haveNameMatching(".*(Impl|Manager|Util|Utils|Helper)"));
    }

    /** The rules below have nothing to find in good code; here they must find something. */
    @Test
    void anAmbientCallIsFoundWhateverItsShape() {
        JavaClasses shapes = new ClassFileImporter().importClasses(AmbientShapes.class);
        String report =
                noClassOutside("nowhere").evaluate(shapes).getFailureReport().toString();
        for (String shape : List.of(
                "called()",
                "referenced()",
                "fromALambda()",
                "constructed()",
                "constructorReferenced()",
                "theClock()",
                "chance()",
                "identity()",
                "generator()",
                "secret()")) {
            assertTrue(report.contains(shape), () -> shape + " was not found in " + report);
        }
        assertTrue(!report.contains("seeded()"), report);
        assertTrue(!report.contains("handedIn("), report);
    }

    private static ArchRule noClassOutside(String... shell) {
        return classes().that().resideOutsideOfPackages(shell).should(new NoAmbientCalls());
    }

    private static ArchRule onlyIn(String home, String... libraries) {
        return noClasses()
                .that()
                .resideOutsideOfPackage(home)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(libraries);
    }

    private static void holds(ArchRule rule) {
        rule.check(production);
    }

    private static String[] together(String[]... groups) {
        return Stream.of(groups).flatMap(Arrays::stream).toArray(String[]::new);
    }
}
