package dev.parley.coordination.membership;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.coordination.TestConnections;
import dev.parley.coordination.TestServers;
import dev.parley.coordination.embedded.EmbeddedZooKeeper;
import dev.parley.coordination.ensemble.EnsembleConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("processes")
final class PresenceTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Member ONE = member("n1", 1);
    private static final Member TWO = member("n2", 2);

    @TempDir
    Path directory;

    private EmbeddedZooKeeper server;
    private EnsembleConnection first;
    private EnsembleConnection second;
    private final List<List<Member>> seen = new CopyOnWriteArrayList<>();

    private static Member member(String node, long incarnation) {
        return new Member(node, new UUID(0, incarnation), "http://127.0.0.1:7070", "0.1.0", false);
    }

    @BeforeEach
    void start() {
        server = TestServers.startSingle(directory);
        first = TestConnections.open(server.connectString());
        second = TestConnections.open(server.connectString());
    }

    @AfterEach
    void stop() {
        first.close();
        second.close();
        server.close();
    }

    @Test
    void whoLeavesOnPurposeSaysSoBeforeItIsGone() {
        try (Presence one = Presence.open(first, ONE, seen::add)) {
            Presence two = Presence.open(second, TWO, members -> {});
            await().atMost(LIMIT).until(() -> one.present().equals(List.of(ONE, TWO)));
            two.leave();
            await().atMost(LIMIT).until(() -> one.present().equals(List.of(ONE, TWO.asLeaving())));
            two.close();
            await().atMost(LIMIT).until(() -> one.present().equals(List.of(ONE)));
            await().atMost(LIMIT).until(() -> seen.contains(List.of(ONE, TWO.asLeaving())));
        }
    }

    @Test
    void theAnnouncementComesBackInANewSession() {
        try (Presence one = Presence.open(first, ONE, members -> {});
                Presence two = Presence.open(second, TWO, members -> {})) {
            await().atMost(LIMIT).until(() -> one.present().equals(List.of(ONE, TWO)));
            long before = sessionOf(second);
            TestConnections.expire(second);
            await().atMost(LIMIT)
                    .until(() -> sessionOf(second) != before
                            && one.present().equals(List.of(ONE, TWO))
                            && two.present().equals(List.of(ONE, TWO)));
        }
    }

    @Test
    void aForeignZnodeIsNoMember() {
        assertEquals(Optional.of(ONE), Member.decode(ONE.incarnation().toString(), ONE.encode()));
        assertEquals(Optional.empty(), Member.decode("something", ONE.encode()));
        assertEquals(
                Optional.empty(),
                Member.decode(ONE.incarnation().toString(), "node=n1".getBytes(StandardCharsets.UTF_8)));
        assertThrows(IllegalArgumentException.class, () -> new Member("a\nb", ONE.incarnation(), "u", "v", false));
    }

    private static long sessionOf(EnsembleConnection connection) {
        try {
            return connection.curator().getZookeeperClient().getZooKeeper().getSessionId();
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
