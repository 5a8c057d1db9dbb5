package dev.parley.http.api;

import java.util.Base64;
import java.util.List;
import java.util.UUID;

/** {@code /internal/v1/snapshots}: by which a node that the log cannot help any more copies this one's tables. */
final class SnapshotResource implements Resource {
    static final String PATH = "/internal/v1/snapshots";

    /** Of one answer; a larger file takes several requests, each of which may be repeated. */
    static final int PART_BYTES_MAX = 4 << 20;

    private final InternalAnswers internal;

    SnapshotResource(InternalAnswers internal) {
        this.internal = internal;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of(PATH, false).on("POST", this::offer),
                Route.of(PATH + "/<id>", false).on("GET", this::read).on("DELETE", this::release));
    }

    private Answer offer(Request request, String rest) {
        InternalResource.requireSecret(request, internal);
        Params params = request.params(List.of("log", "above"));
        UUID log = params.text("log")
                .flatMap(SnapshotResource::uuid)
                .orElseThrow(() -> Problem.parameter("log", "log must be the id of a log."));
        long above = params.number("above", 0, Long.MAX_VALUE).orElse(0L);
        return switch (internal.snapshots().offer(log, above)) {
            case SnapshotOffers.Offered.Made(SnapshotOffers.Offer offer) -> {
                JsonWriter json = new JsonWriter(1_024);
                json.object().name("id").text(offer.id());
                json.name("applied").number(offer.applied());
                json.name("manifest").text(Base64.getEncoder().encodeToString(offer.manifest()));
                yield Answer.json(200, json.end());
            }
            case SnapshotOffers.Offered.Not(String why) -> throw Problem.of(ProblemType.NOT_READY, why);
        };
    }

    private static java.util.Optional<UUID> uuid(String text) {
        try {
            return java.util.Optional.of(UUID.fromString(text));
        } catch (IllegalArgumentException malformed) {
            return java.util.Optional.empty();
        }
    }

    private Answer read(Request request, String id) {
        InternalResource.requireSecret(request, internal);
        Params params = request.params(List.of("file", "from"));
        String file = params.text("file").orElseThrow(() -> Problem.parameter("file", "file must name a file."));
        long from = params.number("from", 0, Long.MAX_VALUE).orElse(0L);
        byte[] part = internal.snapshots()
                .read(id, file, from, PART_BYTES_MAX)
                .orElseThrow(() -> Problem.of(ProblemType.NO_SUCH_ROUTE, "There is no such offer, or no such file."));
        return Answer.of(200).body("application/octet-stream", part);
    }

    private Answer release(Request request, String id) {
        InternalResource.requireSecret(request, internal);
        request.params(List.of());
        internal.snapshots().release(id);
        return Answer.of(204);
    }
}
