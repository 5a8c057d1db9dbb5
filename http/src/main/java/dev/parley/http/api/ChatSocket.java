package dev.parley.http.api;

import dev.parley.coordination.chat.Chat;
import dev.parley.coordination.chat.ChatPosition;
import dev.parley.coordination.group.GroupEvent;
import dev.parley.coordination.group.GroupMember;
import dev.parley.store.chat.ChatMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * One client in one room. What it sends is read by the library's thread, which waits until the message is kept; what
 * others send is written by a thread of its own, at the client's pace. A client that falls too far behind is let go.
 */
final class ChatSocket implements SocketHandler {
    private static final int HISTORY = 50;
    private static final int FRAME_BYTES_MAX = 16 << 10;
    private static final int NOTES_MAX = 500;
    private static final long WRITE_MILLIS_MAX = 10_000;
    private static final Duration SLICE = Duration.ofMillis(250);
    private static final Duration POST_WITHIN = Duration.ofSeconds(5);
    private static final long PING_NANOS = 10_000_000_000L;
    private static final long SILENCE_NANOS_MAX = 30_000_000_000L;
    private static final int TOO_SLOW = 4008;
    private static final int TOO_FAST = 4029;

    private final ChatDesk desk;
    private final String room;
    private final String user;
    private final Optional<ChatPosition> after;
    private final RateLimit rate;
    /** Frames that are no messages of the room: acknowledgements, errors, presence. */
    private final BlockingQueue<String> notes = new ArrayBlockingQueue<>(NOTES_MAX);

    private final List<AutoCloseable> memberships = new ArrayList<>();
    private volatile SocketSession session;
    private volatile boolean open;
    private volatile long heardNanos;

    ChatSocket(ChatDesk desk, String room, String user, Optional<ChatPosition> after) {
        this.desk = desk;
        this.room = room;
        this.user = user;
        this.after = after;
        this.rate = new RateLimit(20, 60);
    }

    @Override
    public Limits limits() {
        return new Limits(FRAME_BYTES_MAX, Duration.ofSeconds(90));
    }

    @Override
    public void opened(SocketSession opened) {
        session = opened;
        open = true;
        heardNanos = desk.nanos().getAsLong();
        if (desk.clients().incrementAndGet() > ChatDesk.CLIENTS_MAX) {
            session.close(SocketClosing.OVERLOADED, "too many clients");
            return;
        }
        Optional<Chat.Follower> follower = desk.chat().follow(room, after, HISTORY, ChatResource.MISSED_MAX, this);
        if (follower.isEmpty()) {
            session.close(SocketClosing.OVERLOADED, "too many rooms");
            return;
        }
        memberships.add(desk.listen(room, this::presence));
        memberships.add(desk.enter(room, user));
        Thread.ofVirtual().name("chat-client").start(() -> write(follower.get()));
    }

    private void presence(GroupEvent event) {
        switch (event) {
            case GroupEvent.Joined(GroupMember member) -> note(presenceFrame("joined", member.member()));
            case GroupEvent.Left(GroupMember member) -> note(presenceFrame("left", member.member()));
            case GroupEvent.Message message -> {}
        }
    }

    private static String presenceFrame(String what, String who) {
        return ChatJson.frame("presence", json -> json.name(what).text(who));
    }

    private void note(String frame) {
        if (!notes.offer(frame)) {
            session.close(TOO_SLOW, "the client reads too slowly");
        }
    }

    // -- to the client
    // --------------------------------------------------------------------------------------------------

    private void write(Chat.Follower follower) {
        try {
            Chat.Start start = follower.start();
            String position = start.position();
            boolean served = send(ChatJson.frame("history", json -> {
                ChatJson.list(json, start.messages());
                json.name("position").text(start.position());
            }));
            if (start.incomplete()) {
                lagged(position);
                return;
            }
            long pingedNanos = desk.nanos().getAsLong();
            while (served && open) {
                Optional<List<Chat.Followed>> found = follower.await(notes.isEmpty() ? SLICE : Duration.ZERO);
                if (found.isEmpty()) {
                    lagged(position);
                    return;
                }
                for (Chat.Followed followed : found.get()) {
                    position = followed.position().orElse(position);
                    served = served && (followed.own() || send(messageFrame(followed)));
                }
                for (String note = notes.poll(); note != null && served; note = notes.poll()) {
                    served = send(note);
                }
                pingedNanos = keepAlive(pingedNanos);
            }
            if (!served && open && !session.isClosing()) {
                session.close(TOO_SLOW, "the client reads too slowly");
                session.cut();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static String messageFrame(Chat.Followed followed) {
        return ChatJson.frame("message", json -> {
            ChatJson.fields(json, followed.message());
            followed.position().ifPresent(position -> json.name("position").text(position));
        });
    }

    private void lagged(String position) {
        send(ChatJson.frame("lagged", json -> json.name("after").text(position)));
        session.close(TOO_SLOW, "come again from the position");
    }

    private boolean send(String frame) {
        return session.send(frame, WRITE_MILLIS_MAX);
    }

    /** A client that answers no ping is gone, whatever the network says. @return when it was pinged last */
    private long keepAlive(long pingedNanos) {
        long now = desk.nanos().getAsLong();
        if (now - heardNanos > SILENCE_NANOS_MAX) {
            session.cut();
        } else if (now - pingedNanos > PING_NANOS) {
            session.ping();
            return now;
        }
        return pingedNanos;
    }

    // -- from the client
    // ------------------------------------------------------------------------------------------------

    @Override
    public void text(String frame) {
        heardNanos = desk.nanos().getAsLong();
        if (!rate.admits(heardNanos)) {
            throw new SocketClosing(TOO_FAST, "at most 20 messages a second");
        }
        ChatFrame read;
        try {
            read = ChatFrame.read(frame);
        } catch (Problem problem) {
            error(problem);
            return;
        }
        Optional<String> broken = ChatRules.brokenByText(read.text());
        if (broken.isPresent()) {
            error(Problem.field("/text", broken.get()));
            return;
        }
        post(read);
    }

    private void post(ChatFrame frame) {
        switch (desk.chat().post(room, user, frame.text(), Chat.Acks.ONE_PEER, POST_WITHIN, this)) {
            case Chat.Result.Posted(ChatMessage message, int durableOn) ->
                note(ChatJson.frame("ack", json -> {
                    frame.clientId().ifPresent(id -> json.name("client_id").text(id));
                    json.name("id").text(message.id().text());
                    json.name("stamp").number(message.id().stamp());
                    json.name("durable_on").number(durableOn);
                }));
            case Chat.Result.Refused(String why) -> throw new SocketClosing(SocketClosing.OVERLOADED, why);
            case Chat.Result.Unknown unknown ->
                error(Problem.of(ProblemType.UNKNOWN_OUTCOME, "Nobody said in time that the message is kept."));
        }
    }

    private void error(Problem problem) {
        note(ChatJson.frame("error", json -> {
            json.name("problem")
                    .object()
                    .name("type")
                    .text(ProblemType.URN + problem.type().typeName());
            json.name("title").text(problem.type().title());
            json.name("status").number(problem.type().status());
            json.name("detail").text(problem.detail()).end();
        }));
    }

    @Override
    public void binary(byte[] message) {
        throw new SocketClosing(SocketClosing.POLICY, "messages are text");
    }

    @Override
    public void pong() {
        heardNanos = desk.nanos().getAsLong();
    }

    @Override
    public void closed() {
        if (!open) {
            return; // it broke before it was opened
        }
        open = false;
        desk.clients().decrementAndGet();
        for (AutoCloseable membership : memberships) {
            try {
                membership.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
