package dev.parley.http.api;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** {@code /metrics}, for Prometheus. */
final class MetricsResource implements Resource {
    private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    private final Meters meters;

    MetricsResource(Meters meters) {
        this.meters = meters;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/metrics", false).on("GET", this::get));
    }

    private Answer get(Request request, String rest) {
        return Answer.of(200).body(TEXT, meters.scrape().getBytes(StandardCharsets.UTF_8));
    }
}
