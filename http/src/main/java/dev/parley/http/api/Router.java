package dev.parley.http.api;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the resource of a raw path. Immutable. */
final class Router {
    private static final List<String> TAKES_REST = List.of("<key>", "<path>", "<prefix>");

    /** A route and what stands in its places, raw and joined by slashes: a key may hold slashes, a name cannot. */
    record Match(Route route, String rest) {}

    /** @param fixed what stands before, between and behind the places of the template */
    private record Placed(List<String> fixed, boolean takesRest, Route route) {
        static Placed of(Route route) {
            String template = route.template();
            return new Placed(
                    List.of(template.split("<[a-z]+>", -1)), TAKES_REST.stream().anyMatch(template::endsWith), route);
        }

        /** What stands in the places, joined by slashes; empty when the path is another. */
        Optional<String> restOf(String path) {
            if (!path.startsWith(fixed.getFirst()) || !path.endsWith(fixed.getLast())) {
                return Optional.empty();
            }
            int at = fixed.getFirst().length();
            int end = path.length() - fixed.getLast().length();
            if (takesRest) {
                return Optional.of(path.substring(at));
            }
            List<String> segments = new ArrayList<>(2);
            for (String between : fixed.subList(1, fixed.size() - 1)) {
                int slash = path.indexOf('/', at);
                if (slash <= at || !path.startsWith(between, slash)) {
                    return Optional.empty();
                }
                segments.add(path.substring(at, slash));
                at = slash + between.length();
            }
            if (end <= at || path.substring(at, end).indexOf('/') >= 0) {
                return Optional.empty();
            }
            segments.add(path.substring(at, end));
            return Optional.of(String.join("/", segments));
        }
    }

    private final Map<String, Route> fixed = new HashMap<>();
    private final List<Placed> placed;

    /** Of two routes that take a path, the first wins. */
    Router(List<Route> routes) {
        routes.stream()
                .filter(route -> !route.template().contains("<"))
                .forEach(route -> fixed.put(route.template(), route));
        placed = routes.stream()
                .filter(route -> route.template().contains("<"))
                .map(Placed::of)
                .toList();
    }

    Optional<Match> find(String path) {
        Route exact = fixed.get(path);
        if (exact != null) {
            return Optional.of(new Match(exact, ""));
        }
        for (Placed candidate : placed) {
            Optional<String> rest = candidate.restOf(path);
            if (rest.isPresent()) {
                return Optional.of(new Match(candidate.route(), rest.get()));
            }
        }
        return Optional.empty();
    }
}
