package dev.parley.http.api;

import dev.parley.store.kv.Members;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Reading;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which web pages of other origins may use this node: those the configuration lists, and the addresses of the members. A
 * request that changes something, or opens a WebSocket, and names another origin is refused, because a browser sends some
 * of them unasked.
 */
final class Cors {
    private static final String EXPOSED =
            "ETag, Location, Age, Allow, Retry-After, Preference-Applied, Idempotent-Replay,"
                    + " Parley-Revision, Parley-Node, Parley-Request-Id, Parley-Create-Revision, Parley-Version, Parley-Lease,"
                    + " Parley-Consistency, Parley-Deleted, traceparent";

    private static final Pattern ADDRESS =
            Pattern.compile("(localhost|\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-f:.]+])(:\\d+)?");

    private final List<String> origins;
    private final Replica replica;

    Cors(List<String> origins, Replica replica) {
        this.origins = origins;
        this.replica = replica;
    }

    /** The request's origin when it is allowed here; empty when there is none. */
    Optional<String> check(Request request) {
        if (!request.hasHeader("Origin")) {
            return Optional.empty();
        }
        Optional<String> origin = request.header("Origin");
        boolean allowed =
                origin.map(named -> allows(named) || isThisNode(named, request)).orElse(false);
        if (!allowed && (request.changes() || Sockets.isHandshake(request))) {
            throw Problem.of(ProblemType.ORIGIN_NOT_ALLOWED, "Origin", "cors.origins does not list this origin.");
        }
        return origin.filter(known -> allowed);
    }

    private boolean allows(String origin) {
        return origins.contains("*") || origins.contains(origin) || isMember(origin);
    }

    /**
     * A page that this node served itself, under an address or {@code localhost}. A name could be anybody's who lets it
     * point here, so names must be members' or listed.
     */
    private static boolean isThisNode(String origin, Request request) {
        Optional<String> host = request.headerLines("Host").stream().findFirst();
        return host.filter(named -> origin.equals("http://" + named)
                        && ADDRESS.matcher(named).matches())
                .isPresent();
    }

    private boolean isMember(String origin) {
        return switch (replica.readStale(0, Duration.ZERO)) {
            case Reading.Ready(var view, long age) -> {
                try (view) {
                    yield Members.all(view).stream()
                            .anyMatch(member -> originOf(member.url()).equals(origin));
                }
            }
            case Reading.Unavailable unavailable -> false;
        };
    }

    private static String originOf(String url) {
        try {
            URI uri = URI.create(url);
            return uri.getScheme() + "://" + uri.getRawAuthority();
        } catch (IllegalArgumentException malformed) {
            return "";
        }
    }

    static void allow(Answer answer, String origin) {
        answer.header("Access-Control-Allow-Origin", origin)
                .header("Access-Control-Expose-Headers", EXPOSED)
                .header("Vary", "Origin");
    }

    /** What a browser asks before it sends the request itself. */
    static Answer preflight(Request request, Answer answer, String allow) {
        if (request.hasHeader("Access-Control-Request-Method")) {
            answer.header("Access-Control-Allow-Methods", allow).header("Access-Control-Max-Age", 600);
            request.header("Access-Control-Request-Headers")
                    .ifPresent(headers -> answer.header("Access-Control-Allow-Headers", headers));
        }
        return answer;
    }
}
