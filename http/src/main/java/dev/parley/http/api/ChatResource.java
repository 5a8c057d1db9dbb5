package dev.parley.http.api;

import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.chat.Chat.Reading;
import dev.parley.coordination.chat.ChatPosition;
import dev.parley.store.chat.ChatMessage;
import dev.parley.store.kv.Limits;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code /v1/chat/rooms}: chat over plain HTTP, and the door to its WebSocket. */
final class ChatResource implements Resource {
    private static final int LIMIT_DEFAULT = 50;
    private static final int BODY_BYTES_MAX = 64 << 10;

    /** What a client that comes back may have missed; more needs another turn. */
    static final int MISSED_MAX = 10_000;

    private final ChatDesk desk;
    private final Chat chat;

    ChatResource(ChatDesk desk) {
        this.desk = desk;
        this.chat = desk.chat();
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/chat/rooms", false).on("GET", this::rooms),
                Route.of("/v1/chat/rooms/<id>/messages", false)
                        .on("GET", this::messages)
                        .on("POST", this::post),
                Route.of("/v1/chat/rooms/<id>/events", false).on("GET", this::events),
                Route.of("/v1/chat/rooms/<id>/presence", false).on("GET", this::presence),
                Route.of("/v1/chat/rooms/<id>/ws", false).on("GET", this::socket));
    }

    private Answer rooms(Request request, String rest) {
        request.params(List.of());
        JsonWriter json = new JsonWriter(1 << 10);
        json.object().name("rooms").array();
        chat.rooms().forEach(info -> ChatJson.room(json, info));
        return Answer.json(200, json.endArray().end());
    }

    private Answer messages(Request request, String rest) {
        String room = Names.ofPath(rest);
        Params params = request.params(List.of("limit", "before", "after"));
        int limit = params.number("limit", 1, Limits.RANGE_ITEMS_MAX)
                .orElse((long) LIMIT_DEFAULT)
                .intValue();
        if (params.has("before") && params.has("after")) {
            throw Problem.parameter("before", "Give either before or after.");
        }
        Optional<Reading> before = params.text("before").map(text -> ChatPosition.before(text)
                .orElseThrow(() -> Problem.parameter("before", "before must be the id of a message.")));
        Reading reading = before.or(() -> after(params).map(Reading.After::new)).orElseGet(Reading.Last::new);
        Chat.Page page = chat.read(room, reading, limit);
        JsonWriter json = new JsonWriter(4 << 10);
        json.object().name("room").text(room);
        ChatJson.list(json, page.messages());
        json.name("more").bool(page.more()).name("position").text(page.position());
        return Answer.json(200, json.end());
    }

    private static Optional<ChatPosition> after(Params params) {
        return params.text("after").map(text -> ChatPosition.parse(text)
                .orElseThrow(() -> Problem.parameter("after", "after must be a position, or the id of a message.")));
    }

    private Answer post(Request request, String rest) {
        String room = Names.ofPath(rest);
        Params params = request.params(List.of("acks", "timeout"));
        Chat.Acks acks = acks(params);
        Duration timeout = params.timeout();
        JsonObject body = JsonObject.of(request, request.body(BODY_BYTES_MAX)).only(List.of("user", "text"));
        String user = body.text("user").orElse(ChatRules.GUEST);
        ChatRules.brokenByUser(user).ifPresent(rule -> {
            throw Problem.field("/user", rule);
        });
        String text = body.requiredText("text");
        ChatRules.brokenByText(text).ifPresent(rule -> {
            throw text.isBlank() ? Problem.field("/text", rule) : Problem.of(ProblemType.BODY_TOO_LARGE, "/text", rule);
        });
        return switch (chat.post(room, user, text, acks, timeout, request)) {
            case Chat.Result.Posted(ChatMessage message, int durableOn) -> {
                JsonWriter json = new JsonWriter(512);
                json.object();
                ChatJson.fields(json, message);
                json.name("durable_on").number(durableOn);
                yield Answer.json(201, json.end());
            }
            case Chat.Result.Refused(String why) -> throw Problem.of(ProblemType.QUEUE_FULL, why + ".");
            case Chat.Result.Unknown unknown ->
                throw Problem.of(
                        ProblemType.UNKNOWN_OUTCOME, "Not enough nodes said in time that they keep the message.");
        };
    }

    private static Chat.Acks acks(Params params) {
        return switch (params.text("acks").orElse("one-peer")) {
            case "local" -> Chat.Acks.LOCAL;
            case "one-peer" -> Chat.Acks.ONE_PEER;
            case "majority" -> Chat.Acks.MAJORITY;
            default -> throw Problem.parameter("acks", "acks must be local, one-peer or majority.");
        };
    }

    private Answer presence(Request request, String rest) {
        String room = Names.ofPath(rest);
        request.params(List.of());
        JsonWriter json = new JsonWriter(1 << 10);
        json.object().name("room").text(room).name("users").array();
        desk.present(room).forEach(member -> json.object()
                .name("user")
                .text(member.member())
                .name("node")
                .text(member.node())
                .name("since")
                .text(Times.format(member.joinedAtMillis()))
                .end());
        return Answer.json(200, json.endArray().end());
    }

    private Answer socket(Request request, String rest) {
        String room = Names.ofPath(rest);
        Params params = request.params(List.of("user", "after"));
        String user = params.text("user").orElse(ChatRules.GUEST);
        ChatRules.brokenByUser(user).ifPresent(rule -> {
            throw Problem.parameter("user", rule);
        });
        return Answer.socket(request, new ChatSocket(desk, room, user, after(params)));
    }

    private Answer events(Request request, String rest) {
        String room = Names.ofPath(rest);
        Params params = request.params(List.of("after"));
        Optional<ChatPosition> after = request.header("Last-Event-ID")
                .map(last -> ChatPosition.parse(last)
                        .orElseThrow(() -> Problem.header("Last-Event-ID", "Last-Event-ID must be a position.")))
                .or(() -> after(params));
        Chat.Follower follower = chat.follow(room, after, 0, MISSED_MAX, request)
                .orElseThrow(() -> Problem.of(ProblemType.QUEUE_FULL, "There are too many rooms already."));
        return EventWriter.answer(new Events(follower));
    }

    /** Messages as they come, behind a position or from now on. */
    private final class Events implements Answer.Stream {
        private final Chat.Follower follower;

        Events(Chat.Follower follower) {
            this.follower = follower;
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            EventWriter writer = new EventWriter(out, desk.nanos());
            Chat.Start start = follower.start();
            for (int i = 0; i < start.messages().size(); i++) {
                boolean last = i == start.messages().size() - 1;
                write(writer, start.messages().get(i), last ? Optional.of(start.position()) : Optional.empty());
            }
            writer.flushOrLive();
            boolean reading = !start.incomplete();
            while (reading && !desk.stopping().getAsBoolean()) {
                Optional<List<Chat.Followed>> found = await();
                for (Chat.Followed followed : found.orElse(List.of())) {
                    write(writer, followed.message(), followed.position());
                }
                writer.flushOrLive();
                reading = found.isPresent();
            }
            writer.event(
                    reading ? "closing" : "lagged", "", json -> json.object().end());
            writer.flush();
        }

        private void write(EventWriter writer, ChatMessage message, Optional<String> position) throws IOException {
            writer.event("message", position.orElse(""), json -> {
                json.object();
                ChatJson.fields(json, message);
                json.end();
            });
        }

        private Optional<List<Chat.Followed>> await() throws IOException {
            try {
                return follower.await(EventWriter.SLICE);
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }

        @Override
        public void close() {}
    }
}
