package dev.parley.consistency.convict;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class VariantsTest {
    private static final Path PATCHES = Path.of("variants");

    private static List<Path> patches() throws IOException {
        try (Stream<Path> files = Files.list(PATCHES)) {
            return files.filter(file -> file.toString().endsWith(".patch")).toList();
        }
    }

    @Test
    void everyPatchHasItsTrialAndEveryTrialItsPatch() throws IOException {
        TreeSet<String> patched = patches().stream()
                .map(patch -> patch.getFileName().toString().replace(".patch", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        TreeSet<String> tried =
                Variants.all().stream().map(Variant::name).collect(Collectors.toCollection(TreeSet::new));
        assertEquals(patched, tried);
    }

    @Test
    void everyPatchSaysWhichPromiseItBreaksAndTheRunThatConvictsIt() throws IOException {
        for (Path patch : patches()) {
            List<String> lines = Files.readAllLines(patch);
            String name = patch.getFileName().toString().replace(".patch", "");
            String run = Variants.all().stream()
                    .filter(variant -> variant.name().equals(name))
                    .findFirst()
                    .orElseThrow()
                    .run();
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("Breaks:    ")), name);
            assertTrue(lines.stream().anyMatch(line -> line.startsWith("Convicted: " + run)), name + " " + run);
        }
    }

    @Test
    void threeAreConvictedEachTime() {
        assertEquals(3, Variants.all().stream().filter(Variant::quick).count());
    }
}
