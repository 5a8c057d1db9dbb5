package dev.parley.http.api;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the resource of a raw path. Immutable. */
final class Router {
    /** A route and what stands in its place for a key or an id, raw. */
    record Match(Route route, String rest) {}

    private record Placed(String before, String after, boolean takesRest, Route route) {
        static Placed of(Route route) {
            String template = route.template();
            int open = template.indexOf('<');
            int close = template.indexOf('>');
            return new Placed(
                    template.substring(0, open),
                    template.substring(close + 1),
                    template.startsWith("<key>", open),
                    route);
        }

        boolean takes(String path) {
            if (!path.startsWith(before) || !path.endsWith(after)) {
                return false;
            }
            int end = path.length() - after.length();
            return takesRest || end > before.length() && path.indexOf('/', before.length()) < 0;
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
            if (candidate.takes(path)) {
                String rest = path.substring(
                        candidate.before().length(),
                        path.length() - candidate.after().length());
                return Optional.of(new Match(candidate.route(), rest));
            }
        }
        return Optional.empty();
    }
}
