package dev.parley.http.api;

import dev.parley.coordination.group.GroupEvent;
import dev.parley.coordination.group.GroupMember;
import dev.parley.coordination.group.Groups;
import dev.parley.store.kv.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;

/** {@code /v1/groups}: members that come and go, as this node sees them. */
final class GroupResource implements Resource {
    private static final Duration TTL_MIN = Duration.ofSeconds(1);
    private static final Duration TTL_MAX = Duration.ofHours(24);
    private static final Duration TTL_DEFAULT = Duration.ofSeconds(30);
    private static final int UNREAD_MAX = 1_000;

    private final Groups groups;
    private final LongSupplier nanos;
    private final BooleanSupplier stopping;

    GroupResource(Groups groups, LongSupplier nanos, BooleanSupplier stopping) {
        this.groups = groups;
        this.nanos = nanos;
        this.stopping = stopping;
    }

    @Override
    public List<Route> routes() {
        return List.of(
                Route.of("/v1/groups/<id>/members/<id>", false)
                        .on("PUT", this::keepAlive)
                        .on("DELETE", this::leave),
                Route.of("/v1/groups/<id>/events", false).on("GET", this::events),
                Route.of("/v1/groups/<id>:broadcast", false).on("POST", this::broadcast),
                Route.of("/v1/groups/<id>", false).on("GET", this::get));
    }

    private record Place(String group, String member) {
        static Place of(String rest) {
            String[] segments = Names.segments(rest);
            return new Place(Names.ofPath(segments[0]), Names.ofPath(segments[1]));
        }
    }

    private Answer keepAlive(Request request, String rest) {
        Place place = Place.of(rest);
        Duration ttl =
                request.params(List.of("ttl")).duration("ttl", TTL_MIN, TTL_MAX).orElse(TTL_DEFAULT);
        Bytes content = request.body(Groups.DATA_BYTES_MAX);
        Bytes data = content.size() == 0 ? Bytes.EMPTY : JsonObject.compact(request, content);
        return switch (groups.keepAlive(place.group(), place.member(), data, ttl)) {
            case JOINED ->
                member(201, place).header("Location", "/v1/groups/" + place.group() + "/members/" + place.member());
            case KEPT_ALIVE -> member(200, place);
            case REFUSED ->
                throw Problem.of(
                        ProblemType.LIMIT_REACHED,
                        "There are " + Groups.OWN_MAX + " members already that joined through this node.");
        };
    }

    private Answer member(int status, Place place) {
        JsonWriter json = new JsonWriter(256);
        json.object().name("group").text(place.group());
        groups.members(place.group()).stream()
                .filter(member -> member.member().equals(place.member()))
                .forEach(member -> fields(json, member));
        return Answer.json(status, json.end());
    }

    private Answer leave(Request request, String rest) {
        Place place = Place.of(rest);
        request.params(List.of());
        groups.leave(place.group(), place.member());
        return Answer.of(204);
    }

    private Answer get(Request request, String rest) {
        String group = Names.ofPath(rest);
        String scope = request.params(List.of("scope")).text("scope").orElse("all");
        List<GroupMember> members =
                switch (scope) {
                    case "all" -> groups.members(group);
                    case "local" -> groups.localMembers(group);
                    default -> throw Problem.parameter("scope", "scope must be all or local.");
                };
        JsonWriter json = new JsonWriter(1 << 10);
        json.object().name("group").text(group).name("members").array();
        members.forEach(member -> write(json, member));
        return Answer.json(200, json.endArray().end());
    }

    private Answer broadcast(Request request, String rest) {
        String group = Names.ofPath(rest);
        request.params(List.of());
        Bytes data = JsonObject.data(request, Groups.MESSAGE_BYTES_MAX);
        JsonWriter json = new JsonWriter(64);
        json.object().name("recipients").number(groups.broadcast(group, data));
        return Answer.json(202, json.end());
    }

    private Answer events(Request request, String rest) {
        String group = Names.ofPath(rest);
        request.params(List.of());
        return EventWriter.answer(new Events(group));
    }

    private static void write(JsonWriter json, GroupMember member) {
        json.object();
        fields(json, member);
        json.end();
    }

    private static void fields(JsonWriter json, GroupMember member) {
        json.name("member").text(member.member()).name("node").text(member.node());
        json.name("data");
        if (member.data().size() == 0) {
            json.nothing();
        } else {
            json.value(member.data());
        }
        json.name("joined_at").text(Times.format(member.joinedAtMillis()));
    }

    /** What happens in one group from now on. */
    private final class Events implements Answer.Stream {
        private final String group;
        private final BlockingQueue<GroupEvent> unread = new ArrayBlockingQueue<>(UNREAD_MAX);
        private final AtomicBoolean lost = new AtomicBoolean();
        private final AutoCloseable listening;

        Events(String group) {
            this.group = group;
            this.listening = groups.listen(group, event -> {
                if (!unread.offer(event)) {
                    lost.set(true);
                }
            });
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            EventWriter writer = new EventWriter(out, nanos);
            while (!stopping.getAsBoolean()) {
                for (GroupEvent event = poll(EventWriter.SLICE); event != null; event = poll(Duration.ZERO)) {
                    write(writer, event);
                }
                if (lost.get()) {
                    writer.event("lagged", "", json -> json.object().end());
                    writer.flush();
                    return;
                }
                writer.flushOrLive();
            }
            writer.closing();
        }

        private GroupEvent poll(Duration patience) throws IOException {
            try {
                return unread.poll(patience.toMillis(), TimeUnit.MILLISECONDS);
            } catch (InterruptedException interrupted) {
                throw new IOException(interrupted);
            }
        }

        private void write(EventWriter writer, GroupEvent event) throws IOException {
            switch (event) {
                case GroupEvent.Joined(GroupMember member) ->
                    writer.event("joined", "", json -> GroupResource.write(json, member));
                case GroupEvent.Left(GroupMember member) ->
                    writer.event("left", "", json -> GroupResource.write(json, member));
                case GroupEvent.Message(String node, Bytes data) ->
                    writer.event("message", "", json -> json.object()
                            .name("node")
                            .text(node)
                            .name("data")
                            .value(data)
                            .end());
            }
        }

        @Override
        public void close() {
            try {
                listening.close();
            } catch (Exception impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
