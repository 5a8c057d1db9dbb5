package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.coordination.control.ControlBoard;
import dev.parley.coordination.control.NodeReports.Report;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.ClusterEvents.Field;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.SingleNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class ControlResourcesTest {
    private static final UUID OWN = new UUID(1, 1);
    private static final UUID OTHER = new UUID(2, 2);
    private static final String TRACE = "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private final ControlBoard board = TestServer.board();
    private final Set<String> alive = new ConcurrentSkipListSet<>();
    private SingleNode node;
    private TestServer server;

    @BeforeEach
    void start() {
        node = SingleNode.start();
        server = TestServer.of(TestServer.listen(
                node.replica(),
                List.of(),
                alive,
                Checkpoints.NONE,
                RequestLimits.AGREED,
                WatchResource.SILENCE_MAX,
                board));
        run(new Command.RegisterMember("n1", new UUID(5, 5), "http://127.0.0.1:7070", 1));
        run(new Command.RegisterMember("n2", new UUID(6, 6), "http://n2", 1));
        run(new AttendanceCommand.Enter(
                "n1", OWN, "1.2.3", List.of("zone=a", "rack=7"), 1, AttendanceCommand.Origin.NONE));
    }

    @AfterEach
    void stop() {
        server.close();
        node.close();
    }

    private void run(Command command) {
        assertInstanceOf(Result.Decided.class, node.replica().submit(Submission.of(command), Duration.ofSeconds(10)));
    }

    private void follow() {
        node.replica().view().ifPresent(view -> {
            try (view) {
                board.follow(view);
            }
        });
    }

    @Test
    @DisplayName("A4, A16: a member is who is there, with what is to be known of it")
    void aMemberIsShownWithItsIncarnationStateAndLabels() {
        JsonNode members = server.get("/v1/members").json();
        assertEquals(1, members.get("members").size());
        JsonNode member = members.at("/members/0");
        assertEquals("n1", member.get("id").asText());
        assertEquals(OWN.toString(), member.get("incarnation").asText());
        assertEquals("http://127.0.0.1:7070", member.get("url").asText());
        assertEquals("1.2.3", member.get("version").asText());
        assertEquals("ready", member.get("state").asText());
        assertEquals("a", member.at("/labels/zone").asText());
        assertEquals("7", member.at("/labels/rack").asText());
        assertTrue(member.get("applied_revision").isIntegralNumber());
        assertTrue(member.get("since").asText().matches("\\d{4}-.*T.*\\.\\d{3}Z"));
        assertEquals(404, server.get("/v1/members/n2").status());
        assertEquals(200, server.get("/v1/members/n1").status());
        assertEquals(2, server.get("/v1/members?all").json().get("members").size());
        assertEquals(400, server.get("/v1/members?everyone=true").status());
    }

    @Test
    void anotherMemberIsAsItSaysOfItself() {
        alive.add("n2");
        assertEquals("joining", state());
        run(new AttendanceCommand.Enter("n2", OTHER, "1.2.3", List.of(), 1, AttendanceCommand.Origin.NONE));
        assertEquals("ready", state());
        board.reports().received(new PeerIdentity("n2", OTHER), new Report(false, false, 4).encode());
        assertEquals("joining", state());
        board.reports().received(new PeerIdentity("n2", OTHER), new Report(true, false, 9).encode());
        assertEquals("ready", state());
        assertEquals(
                9, server.get("/v1/members/n2").json().get("applied_revision").asInt());
        board.reports().received(new PeerIdentity("n2", OTHER), new Report(true, true, 9).encode());
        assertEquals("leaving", state());
        board.reports().received(new PeerIdentity("n2", new UUID(9, 9)), new Report(false, false, 9).encode());
        assertEquals("ready", state());
    }

    private String state() {
        return server.get("/v1/members/n2").json().get("state").asText();
    }

    @Test
    void theLeaderIsShownAndResigns() {
        HttpReply nobody = server.get("/v1/leader");
        assertEquals(503, nobody.status());
        assertEquals("no-leader", nobody.problem());
        assertEquals(503, server.post("/v1/leader:resign", "").status());
        run(new Command.TakeOffice("n2", new UUID(3, 3)));

        JsonNode leader = server.get("/v1/leader").json();
        assertEquals("n2", leader.get("leader").asText());
        assertTrue(leader.get("epoch").isTextual());
        assertTrue(leader.get("since").asText().endsWith("Z"));

        assertEquals(204, server.post("/v1/leader:resign", "", TRACE).status());
        assertEquals(503, server.get("/v1/leader").status());
        follow();
        JsonNode lost = server.get("/v1/events?category=leadership").json().at("/events/1");
        assertEquals("leader_lost", lost.get("name").asText());
        assertEquals("resigned", lost.at("/data/reason").asText());
        assertEquals(
                "0af7651916cd43dd8448eb211c80319c", lost.get("correlation_id").asText());
        assertEquals(405, server.get("/v1/leader:resign").status());
    }

    @Test
    @DisplayName("H16, N3, N5: every event has an id, a scope, a time, a stamp and a cause")
    void eventsAreListedInPages() {
        board.events().add("system", "subsystem_ready", "cause", new Field("subsystem", "store"));
        follow();
        JsonNode page = server.get("/v1/events?limit=1").json();
        JsonNode event = page.at("/events/0");
        assertEquals("node", event.get("scope").asText());
        assertEquals("system", event.get("category").asText());
        assertEquals("subsystem_ready", event.get("name").asText());
        assertEquals("n1", event.get("node").asText());
        assertEquals("cause", event.get("correlation_id").asText());
        assertEquals("store", event.at("/data/subsystem").asText());
        assertEquals(1, event.get("stamp").asInt());
        assertFalse(event.has("revision"));

        JsonNode rest =
                server.get("/v1/events?after=" + page.get("next").asText()).json();
        assertEquals(
                List.of("node_joined", "cluster_formed"), rest.get("events").findValuesAsText("name"));
        JsonNode joined = rest.at("/events/0");
        assertEquals("cluster", joined.get("scope").asText());
        assertEquals("c-1", joined.get("id").asText());
        assertTrue(joined.has("revision"));
        assertEquals(
                List.of("cluster_formed"),
                server.get("/v1/events?after=c-1").json().get("events").findValuesAsText("name"));
        assertEquals(
                0,
                server.get("/v1/events?after=" + rest.get("next").asText())
                        .json()
                        .get("events")
                        .size());
        assertEquals(400, server.get("/v1/events?category=weather").status());
        assertEquals(400, server.get("/v1/events?limit=0").status());
        assertEquals(400, server.get("/v1/events?aftr=c-1").status());
    }

    @Test
    void aStreamOfEventsGoesOnBehindTheLastOneSeen() throws Exception {
        follow();
        try (SseClient stream =
                SseClient.open(server, "/v1/events", "Accept: text/event-stream", "Last-Event-ID: c-1")) {
            assertEquals("c-2", stream.next().id());
            board.events().add("system", "later", "");
            assertTrue(stream.next().data().get("name").asText().equals("later"));
        }
    }

    @Test
    void thePartsOfTheNodeAreShown() {
        JsonNode starting = server.get("/v1/system").json();
        assertEquals("starting", starting.get("status").asText());
        assertEquals(2, starting.get("missing").size());
        board.looked(
                board.subsystems().look(Map.of("store", true, "gateway", true)).now(), 1_000);
        board.looked(
                board.subsystems().look(Map.of("store", false, "gateway", true)).now(), 2_000);
        JsonNode degraded = server.get("/v1/system").json();
        assertEquals("degraded", degraded.get("status").asText());
        assertEquals("store", degraded.at("/failed/0").asText());
        assertEquals("store", degraded.at("/missing/0").asText());
        assertEquals("gateway", degraded.at("/ready/0").asText());
        assertEquals(2, degraded.get("expected").size());
    }

    @Test
    @DisplayName("B3, N6: health is degraded while a member is away and critical without a quorum")
    void healthFollowsTheMembers() {
        JsonNode degraded = server.get("/v1/health").json();
        assertEquals("degraded", degraded.get("status").asText());
        assertEquals("away", degraded.at("/nodes/1/state").asText());
        assertTrue(degraded.get("last_check").asText().endsWith("Z"));
        run(new AttendanceCommand.Enter("n2", OTHER, "1.2.3", List.of(), 1, AttendanceCommand.Origin.NONE));
        assertEquals("healthy", server.get("/v1/health").json().get("status").asText());
    }

    @Test
    void aDrainedNodeIsNotReadyButServesOn() {
        assertEquals(202, server.post("/v1/members/self:drain", "", TRACE).status());
        HttpReply ready = server.get("/readyz");
        assertEquals(503, ready.status());
        assertEquals("gateway", ready.json().at("/missing/0").asText());
        assertEquals("connected", ready.json().get("zookeeper").asText());
        assertEquals(200, server.get("/livez").status());
        assertEquals(201, server.put("/v1/kv/a", "1").status());
        assertEquals("leaving", server.get("/v1/members/n1").json().get("state").asText());
        assertEquals("leaving", server.get("/v1/system").json().get("status").asText());
        assertEquals(202, server.post("/v1/members/self:drain", "").status());
        JsonNode events = server.get("/v1/events?category=system").json().get("events");
        assertEquals(List.of("draining"), events.findValuesAsText("name"));
        assertEquals(
                "0af7651916cd43dd8448eb211c80319c",
                events.get(0).get("correlation_id").asText());
    }
}
