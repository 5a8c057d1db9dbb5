import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles the nodes that are wrong on purpose. For each patch beside this file: copies the sources it touches, applies
 * it to the copies, and compiles them against the jar of the right build into a directory of the patch's name. In front
 * of that jar on the class path, the directory makes a wrong node of it; nothing of it gets into the jar.
 *
 * <p>{@code java CompileVariants.java <repository> <jar> <output>}. A patch that does not fit the sources exactly, but
 * for how far down they moved, ends it with 1.
 */
public final class CompileVariants {
    private CompileVariants() {}

    /** A patch that cannot be used; the message is for whoever has to mend it. */
    private static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;

        Unusable(String why) {
            super(why);
        }
    }

    /** @param start line of the original, from 1; {@code lines} with their first character */
    private record Hunk(int start, List<String> lines) {
        List<String> without(char sign) {
            return lines.stream()
                    .filter(line -> line.charAt(0) != sign)
                    .map(line -> line.substring(1))
                    .toList();
        }
    }

    private record Change(String file, List<Hunk> hunks) {}

    public static void main(String[] arguments) throws IOException {
        Path repository = Path.of(arguments[0]).toAbsolutePath().normalize();
        Path jar = Path.of(arguments[1]);
        Path output = Path.of(arguments[2]);
        if (!Files.isRegularFile(jar)) {
            System.err.println("There is no " + jar + " to compile against; package the module http first.");
            System.exit(1);
        }
        delete(output);
        delete(output.resolveSibling("variant-sources"));
        boolean unusable = false;
        try (Stream<Path> patches = Files.list(repository.resolve("consistency-tests/variants"))) {
            for (Path patch : patches.filter(file -> file.toString().endsWith(".patch")).sorted().toList()) {
                String name = patch.getFileName().toString().replace(".patch", "");
                try {
                    compile(repository, patch, jar, output.resolve(name), output.resolveSibling("variant-sources").resolve(name));
                } catch (Unusable why) {
                    System.err.println(repository.relativize(patch) + ": " + why.getMessage());
                    unusable = true;
                }
            }
        }
        if (unusable) {
            System.exit(1);
        }
    }

    private static void compile(Path repository, Path patch, Path jar, Path classes, Path sources)
            throws IOException {
        List<Path> patched = new ArrayList<>();
        for (Change change : parse(Files.readAllLines(patch))) {
            Path original = repository.resolve(change.file());
            if (!change.file().matches("(store|coordination|http)/src/main/java/.*\\.java") || !Files.isRegularFile(original)) {
                throw new Unusable("there is no source " + change.file());
            }
            List<String> lines = Files.readAllLines(original);
            for (Hunk hunk : change.hunks().reversed()) {
                apply(hunk, lines, change.file());
            }
            Path copy = sources.resolve(change.file().replaceFirst(".*/src/main/java/", ""));
            Files.createDirectories(copy.getParent());
            patched.add(Files.write(copy, lines));
        }
        Files.createDirectories(classes);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
            List<String> options = List.of(
                    "--release", "21", "-parameters", "-proc:none", "-implicit:none",
                    "-Xlint:all,-processing,-classfile", "-Werror",
                    "-cp", jar.toString(), "-d", classes.toString());
            if (!compiler.getTask(null, files, null, options, null, files.getJavaFileObjectsFromPaths(patched)).call()) {
                throw new Unusable("the patched sources do not compile");
            }
        }
    }

    private static List<Change> parse(List<String> lines) {
        List<Change> changes = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("+++ b/")) {
                changes.add(new Change(line.substring(6), new ArrayList<>()));
            } else if (line.startsWith("@@ -") && !changes.isEmpty()) {
                int start = Integer.parseInt(line.substring(4).split("[, ]")[0]);
                changes.getLast().hunks().add(new Hunk(start, new ArrayList<>()));
            } else if (!line.startsWith("--- a/") && !changes.isEmpty() && !changes.getLast().hunks().isEmpty()) {
                if (line.startsWith("diff ") || line.startsWith("index ")) {
                    continue;
                }
                // Editors cut the blank off that stands for an empty line.
                changes.getLast().hunks().getLast().lines().add(line.isEmpty() ? " " : line);
            }
        }
        if (changes.isEmpty() || changes.stream().anyMatch(change -> change.hunks().isEmpty())) {
            throw new Unusable("it changes nothing");
        }
        return changes;
    }

    /** Where it says, or as near to that as its lines are found; all of them must be there. */
    private static void apply(Hunk hunk, List<String> lines, String file) {
        List<String> before = hunk.without('+');
        int stated = hunk.start() - 1;
        int at = -1;
        for (int candidate = 0; candidate + before.size() <= lines.size(); candidate++) {
            if (lines.subList(candidate, candidate + before.size()).equals(before)
                    && (at < 0 || Math.abs(candidate - stated) < Math.abs(at - stated))) {
                at = candidate;
            }
        }
        if (at < 0) {
            throw new Unusable("it no longer applies to " + file + " near line " + hunk.start());
        }
        List<String> place = lines.subList(at, at + before.size());
        place.clear();
        place.addAll(hunk.without('-'));
    }

    private static void delete(Path directory) throws IOException {
        if (Files.exists(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
