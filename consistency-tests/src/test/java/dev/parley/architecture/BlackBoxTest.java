package dev.parley.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The suite judges the product from outside, so nothing of the product may even be on its class path. */
class BlackBoxTest {
    @Test
    void nothingOfTheProductIsOnTheClassPath() {
        JavaClasses ours = new ClassFileImporter().importPackages("dev.parley");
        Set<String> strangers = ours.stream()
                .map(JavaClass::getName)
                .filter(name ->
                        !name.startsWith("dev.parley.consistency.") && !name.startsWith("dev.parley.architecture."))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(Set.of(), strangers);
        assertTrue(
                ours.stream().anyMatch(type -> type.getPackageName().startsWith("dev.parley.consistency")),
                "the importer found nothing of the suite");
    }
}
