package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.parley.store.replica.Replica.Reading;
import dev.parley.store.replica.Replica.Refusal;
import dev.parley.store.replica.Replica.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the reference and the code together. */
class ReferenceTest {
    private static final Pattern REQUEST = Pattern.compile("`(GET|HEAD|PUT|POST|DELETE|PATCH) (/[^` ?]*)[^`]*`");

    private static final Pattern PROBLEM = Pattern.compile("`([a-z]+(?:-[a-z]+)*)`");

    private static Path reference() {
        Path fromModule = Path.of("..", "docs", "reference");
        return Files.isDirectory(fromModule) ? fromModule : Path.of("docs", "reference");
    }

    private static Set<String> documented() throws IOException {
        try (Stream<Path> pages = Files.list(reference())) {
            return pages.filter(page -> page.toString().endsWith(".md"))
                    .map(ReferenceTest::read)
                    .flatMap(text -> REQUEST.matcher(text).results())
                    .map(request -> request.group(1) + " " + request.group(2))
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static String read(Path page) {
        try {
            return Files.readString(page);
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private static Set<String> routed() {
        List<Route> routes = ParleyHttp.routes(
                new HttpConfig("127.0.0.1", 0, "n1", "test", "1", List.of()),
                new FixedReplica(submission -> new Result.Unknown(), new Reading.Unavailable(Refusal.NOT_READY)),
                new NodeFacts() {
                    @Override
                    public java.time.Duration uptime() {
                        return java.time.Duration.ZERO;
                    }

                    @Override
                    public ZooKeeper zookeeper() {
                        return new ZooKeeper("lost", "external");
                    }

                    @Override
                    public Set<String> alive() {
                        return Set.of();
                    }

                    @Override
                    public Set<String> suspected() {
                        return Set.of();
                    }
                },
                new InternalAnswers() {
                    @Override
                    public boolean admits(java.util.Optional<String> shownSecret) {
                        return false;
                    }

                    @Override
                    public List<String> paths() {
                        return List.of();
                    }

                    @Override
                    public String answer(String path) {
                        return "";
                    }
                },
                TestServer.gossipedAlone(),
                Checkpoints.NONE,
                TestServer.board(),
                ProcessDesk.NONE,
                new Ambient(() -> 0, () -> 0, () -> "r"),
                new Watches(new AtomicBoolean()::get),
                TestServer.meters());
        return routes.stream()
                .filter(route -> !route.template().startsWith("/internal")) // not a part of the contract
                .flatMap(route -> route.handlers().keySet().stream()
                        .filter(method -> !method.equals("HEAD"))
                        .map(method -> method + " " + route.template()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyRouteIsInTheReferenceAndEveryRequestOfTheReferenceIsARoute() throws IOException {
        Set<String> documented = documented();
        documented.removeIf(request -> request.startsWith("HEAD "));
        assertFalse(documented.isEmpty());
        assertEquals(routed(), documented);
    }

    @Test
    void everyProblemIsInTheTableOfErrorsInItsPlace() {
        String page = read(reference().resolve("errors.md"));
        String table = page.substring(page.indexOf("| status | name | when |"), page.indexOf("## Preconditions"));
        List<String> named = table.lines()
                .filter(line -> line.matches("\\| \\d{3} .*"))
                .flatMap(line -> PROBLEM.matcher(line.split("\\|")[2])
                        .results()
                        .map((MatchResult name) -> line.substring(2, 5) + " " + name.group(1)))
                .toList();
        List<String> known = Stream.of(ProblemType.values())
                .map(type -> type.status() + " " + type.typeName())
                .toList();
        assertEquals(known, named);
    }
}
