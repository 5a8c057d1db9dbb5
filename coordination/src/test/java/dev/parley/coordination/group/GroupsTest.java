package dev.parley.coordination.group;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.MeshTrio;
import dev.parley.store.kv.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class GroupsTest {
    private static final Duration LONG = Duration.ofMinutes(5);

    private final Map<String, Groups> groups = new ConcurrentHashMap<>();
    private MeshTrio trio;

    @BeforeEach
    void start() {
        trio = new MeshTrio(this::open);
    }

    private void open(Mesh mesh) {
        groups.put(mesh.self().node(), Groups.open(mesh, System::nanoTime, System::currentTimeMillis));
    }

    @AfterEach
    void close() {
        groups.values().forEach(Groups::close);
        trio.close();
    }

    private List<String> seen(String node, String group) {
        return groups.get(node).members(group).stream()
                .map(member -> member.member() + "@" + member.node())
                .toList();
    }

    private void awaitEverywhere(String group, String... members) {
        List.of("n1", "n2", "n3").forEach(node -> awaitAt(node, group, members));
    }

    private void awaitAt(String node, String group, String... members) {
        await(node + " sees " + List.of(members)).until(() -> seen(node, group).equals(List.of(members)));
    }

    @Test
    @DisplayName("B6, B8, B9, B10, A16: every node sees all members, and which of them are its own")
    void everyNodeSeesAllMembersAndItsOwn() {
        groups.get("n1").join("chat_servers", "n1", Bytes.EMPTY);
        groups.get("n2").join("chat_servers", "n2", Bytes.EMPTY);
        groups.get("n2").join("chat_clients", "ann", Bytes.utf8("{\"age\":7}"));
        awaitEverywhere("chat_servers", "n1@n1", "n2@n2");
        awaitEverywhere("chat_clients", "ann@n2");
        assertEquals(
                "{\"age\":7}",
                groups.get("n3").members("chat_clients").getFirst().data().utf8());
        assertEquals(List.of(), groups.get("n3").localMembers("chat_servers"));
        assertEquals(1, groups.get("n2").localMembers("chat_servers").size());
    }

    @Test
    @DisplayName("B11: who joins twice leaves twice; leaving one group leaves no other")
    void whoJoinsTwiceLeavesTwice() {
        Groups.Membership first = groups.get("n1").join("g", "ann", Bytes.EMPTY);
        Groups.Membership second = groups.get("n1").join("g", "ann", Bytes.EMPTY);
        groups.get("n1").join("other", "ann", Bytes.EMPTY);
        awaitEverywhere("g", "ann@n1");
        first.close();
        first.close();
        assertEquals(List.of("ann@n1"), seen("n1", "g"));
        second.close();
        awaitEverywhere("g");
        awaitEverywhere("other", "ann@n1");
    }

    @Test
    @DisplayName("B7, B14, M6: a member that is not kept alive leaves, and so do all of a node that dies")
    void whoDiesLeaves() {
        groups.get("n1").keepAlive("g", "short", Bytes.EMPTY, Duration.ofMillis(300));
        groups.get("n1").keepAlive("g", "long", Bytes.EMPTY, LONG);
        groups.get("n2").join("g", "ann", Bytes.EMPTY);
        awaitEverywhere("g", "ann@n2", "long@n1");
        trio.kill("n2");
        groups.remove("n2").close();
        awaitAt("n1", "g", "long@n1");
        awaitAt("n3", "g", "long@n1");
        trio.start("n2", this::open);
        trio.awaitWhole();
        awaitEverywhere("g", "long@n1");
    }

    @Test
    @DisplayName("B15, B16, M12: each side of a partition shows whom it reaches; afterwards all show the union, once")
    void groupsMergeAfterAPartition() {
        groups.get("n1").join("g", "a", Bytes.EMPTY);
        groups.get("n3").join("g", "c", Bytes.EMPTY);
        awaitEverywhere("g", "a@n1", "c@n3");
        trio.isolate("n3");
        awaitAt("n3", "g", "c@n3");
        awaitAt("n1", "g", "a@n1");
        groups.get("n2").join("g", "b", Bytes.EMPTY);
        groups.get("n3").join("g", "d", Bytes.EMPTY);
        groups.get("n1").keepAlive("g", "both", Bytes.EMPTY, LONG);
        groups.get("n3").keepAlive("g", "both", Bytes.EMPTY, LONG);
        trio.heal();
        awaitEverywhere("g", "a@n1", "b@n2", "both@n3", "c@n3", "d@n3");
    }

    @Test
    void aMemberMayBeKeptAliveAndTakenOutThroughAnyNode() {
        assertEquals(Groups.Kept.JOINED, groups.get("n1").keepAlive("g", "ann", Bytes.EMPTY, LONG));
        awaitEverywhere("g", "ann@n1");
        long joinedAt = groups.get("n1").members("g").getFirst().joinedAtMillis();
        assertEquals(Groups.Kept.KEPT_ALIVE, groups.get("n2").keepAlive("g", "ann", Bytes.EMPTY, LONG));
        awaitEverywhere("g", "ann@n2");
        assertEquals(joinedAt, groups.get("n3").members("g").getFirst().joinedAtMillis());
        groups.get("n3").leave("g", "ann");
        awaitEverywhere("g");
        assertEquals(Groups.Kept.JOINED, groups.get("n1").keepAlive("g", "ann", Bytes.EMPTY, LONG));
        awaitEverywhere("g", "ann@n1");
    }

    @Test
    @DisplayName("B12, B13, G5, G7: a broadcast reaches who listens to the group, on every node, and nobody else")
    void aBroadcastReachesOneGroupEverywhere() {
        List<String> heard = new CopyOnWriteArrayList<>();
        groups.forEach((node, own) -> {
            own.listen("g", event -> heard.add(node + " " + text(event)));
            own.listen("other", event -> heard.add(node + " other"));
        });
        groups.get("n1").join("g", "ann", Bytes.EMPTY);
        awaitEverywhere("g", "ann@n1");
        assertEquals(1, groups.get("n2").broadcast("g", Bytes.utf8("1")));
        await().until(() -> heard.size() == 6);
        List<String> expected = new ArrayList<>();
        List.of("n1", "n2", "n3").forEach(node -> expected.addAll(List.of(node + " message 1 of n2", node + " +ann")));
        assertEquals(
                expected.stream().sorted().toList(), heard.stream().sorted().toList());
    }

    private static String text(GroupEvent event) {
        return switch (event) {
            case GroupEvent.Joined(GroupMember member) -> "+" + member.member();
            case GroupEvent.Left(GroupMember member) -> "-" + member.member();
            case GroupEvent.Message(String node, Bytes data) -> "message " + data.utf8() + " of " + node;
        };
    }
}
