package dev.parley.http.api;

import dev.parley.coordination.channel.ChannelMessage;
import dev.parley.coordination.channel.Channels;
import dev.parley.coordination.channel.Position;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** {@code /v1/channels}: what one publishes, all get. */
final class ChannelResource implements Resource {
    private static final int LIMIT_DEFAULT = 100;

    private final Channels channels;
    private final LongSupplier nanos;
    private final BooleanSupplier stopping;

    ChannelResource(Channels channels, LongSupplier nanos, BooleanSupplier stopping) {
        this.channels = channels;
        this.nanos = nanos;
        this.stopping = stopping;
    }

    @Override
    public List<Route> routes() {
        return List.of(Route.of("/v1/channels/<id>/messages", false)
                .on("POST", this::publish)
                .on("GET", this::get));
    }

    private Answer publish(Request request, String rest) {
        String topic = Names.ofPath(rest);
        request.params(List.of());
        Bytes data = JsonObject.data(request, Channels.DATA_BYTES_MAX);
        ChannelMessage message = channels.publish(topic, data)
                .orElseThrow(() ->
                        Problem.of(ProblemType.LIMIT_REACHED, "There are " + Channels.TOPICS_MAX + " topics already."));
        JsonWriter json = new JsonWriter(96);
        return Answer.json(202, json.object().name("id").text(message.id()).end());
    }

    private Answer get(Request request, String rest) {
        String topic = Names.ofPath(rest);
        Params params = request.params(List.of("after", "limit"));
        int limit = params.number("limit", 1, Limits.RANGE_ITEMS_MAX)
                .orElse((long) LIMIT_DEFAULT)
                .intValue();
        Optional<Position> after = after(request, params);
        if (!wantsStream(request)) {
            return page(channels.read(topic, after.orElse(Position.START), limit));
        }
        if (params.has("limit")) {
            throw Problem.parameter("limit", "limit is for a list, not for a stream.");
        }
        Position from = after.orElseGet(() -> channels.newest(topic));
        return EventWriter.answer(new Stream(topic, from));
    }

    private static Optional<Position> after(Request request, Params params) {
        Optional<String> last = request.header("Last-Event-ID");
        if (last.isPresent()) {
            return Optional.of(Position.parse(last.get())
                    .orElseThrow(() -> Problem.header("Last-Event-ID", "Last-Event-ID must be the id of a message.")));
        }
        return params.text("after").map(text -> Position.parse(text)
                .orElseThrow(() -> Problem.parameter("after", "after must be the id of a message, or a next.")));
    }

    /** Whether the client prefers a stream; without a word from it the answer is JSON. */
    static boolean wantsStream(Request request) {
        String accept = String.join(",", request.headerLines("Accept")).toLowerCase(Locale.ROOT);
        int stream = accept.indexOf(EventWriter.TYPE);
        int json = accept.indexOf(Answer.JSON);
        return stream >= 0 && (json < 0 || stream < json);
    }

    private static Answer page(Channels.Page page) {
        JsonWriter json = new JsonWriter(4 << 10);
        json.object().name("messages").array();
        page.messages().forEach(message -> write(json, message));
        json.endArray().name("next").text(page.next().text());
        return Answer.json(200, json.end());
    }

    private static void write(JsonWriter json, ChannelMessage message) {
        json.object().name("id").text(message.id());
        json.name("node").text(message.publisher().node());
        json.name("at").text(Times.format(message.atMillis()));
        json.name("data").value(message.data()).end();
    }

    /** Messages as they come; the id of each is the position behind it. */
    private final class Stream implements Answer.Stream {
        private final String topic;
        private Position position;

        Stream(String topic, Position position) {
            this.topic = topic;
            this.position = position;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            EventWriter writer = new EventWriter(out, nanos);
            while (!stopping.getAsBoolean()) {
                Channels.Page page = channels.await(topic, position, LIMIT_DEFAULT, EventWriter.SLICE);
                for (ChannelMessage message : page.messages()) {
                    position = position.with(message);
                    writer.event("", position.text(), json -> write(json, message));
                }
                writer.flushOrLive();
            }
            writer.closing();
        }

        @Override
        public void close() {}
    }
}
