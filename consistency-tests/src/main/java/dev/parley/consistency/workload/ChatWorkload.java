package dev.parley.consistency.workload;

import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.client.NodeClient;
import dev.parley.consistency.client.Reply;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Messages posted to a few rooms through every node, also through those that are cut off from the others and from ZooKeeper:
 * finds acknowledged messages that are lost, shown twice, or in another order elsewhere.
 */
public final class ChatWorkload implements Workload {
    private static final int ROOMS = 3;
    private static final int PAGE = 1_000;

    /** Within 10 s of a heal all nodes must have everything; a history that grows is waited for. */
    private static final Duration QUIET = Duration.ofSeconds(3);

    private static final int LOOKS_MAX = 10;

    private final String prefix;
    private final Duration quiet;
    private final AtomicLong messages = new AtomicLong();

    ChatWorkload(String prefix) {
        this(prefix, QUIET);
    }

    /** @param quiet a history that did not grow for so long is taken for complete */
    public ChatWorkload(String prefix, Duration quiet) {
        this.prefix = "chat-" + prefix.replaceAll("[^A-Za-z0-9._-]", "-");
        this.quiet = quiet;
    }

    @Override
    public Call next(int client, Random random) {
        String room = prefix + "-" + random.nextInt(ROOMS);
        if (random.nextInt(10) == 0) {
            return new Call("read", room, Json.NULL, node -> read(node, room));
        }
        Json message = Json.of(messages.incrementAndGet());
        String body = new Json.Obj(Map.of("user", Json.of("client " + client), "text", Json.of(message.text()))).text();
        return new Call(
                "post",
                room,
                message,
                node -> Completion.ofWrite(
                        node.send("POST", path(room), Map.of("Content-Type", "application/json"), body), message));
    }

    private static String path(String room) {
        return "/v1/chat/rooms/" + room + "/messages";
    }

    /** The whole history, page by page. */
    private static Completion read(NodeClient node, String room) {
        List<Json> texts = new ArrayList<>();
        Optional<String> after = Optional.of("0-n"); // before every message
        while (after.isPresent()) {
            Reply reply = node.send("GET", path(room) + "?limit=" + PAGE + "&after=" + NodeClient.encode(after.get()));
            if (!(reply instanceof Reply.Answer answer)
                    || answer.status() != 200
                    || !(answer.member("messages") instanceof Json.Array(List<Json> page))) {
                return Completion.readFailed(reply);
            }
            page.forEach(message -> texts.add(Json.of(Long.parseLong(text(message, "text")))));
            boolean more = answer.member("more") instanceof Json.Bool(boolean value) && value && !page.isEmpty();
            after = more ? Optional.of(text(page.getLast(), "id")) : Optional.empty();
        }
        return Completion.ok(new Json.Array(texts));
    }

    private static String text(Json object, String member) {
        return object instanceof Json.Obj fields && fields.get(member) instanceof Json.Text(String value) ? value : "0";
    }

    /** Read again until it no longer grows. */
    private Completion settled(NodeClient node, String room) {
        Completion before = read(node, room);
        for (int look = 0; look < LOOKS_MAX; look++) {
            LockSupport.parkNanos(quiet.toNanos());
            Completion now = read(node, room);
            if (now.type() == Event.Type.OK && now.value().equals(before.value())) {
                return now;
            }
            before = now;
        }
        return before;
    }

    @Override
    public List<Call> lastReads() {
        List<Call> calls = new ArrayList<>();
        for (int room = 0; room < ROOMS; room++) {
            String name = prefix + "-" + room;
            calls.add(new Call("history", name, Json.NULL, node -> settled(node, name)));
        }
        return calls;
    }

    @Override
    public Checker checker() {
        return Checkers.named("chat").orElseThrow();
    }
}
