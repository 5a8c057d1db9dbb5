package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpServer;
import dev.parley.http.api.SnapshotOffers;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class FreshnessTest {
    private static final String SECRET = "0123456789abcdef";

    private final List<HttpServer> servers = new ArrayList<>();
    private final Pause pause = new Pause();

    @AfterEach
    void stop() {
        servers.forEach(server -> server.stop(0));
    }

    @Test
    void whenEveryPeerIsEmptyItIsTheBeginning() throws IOException {
        var freshness = freshness(true, false, peer(200, false, true), peer(200, false, true));

        assertEquals(Optional.of(true), freshness.isFirstFormation(pause));
        assertTrue(freshness.mayFound());
    }

    @Test
    void onePeerWithDataIsEnoughForItNotToBeTheBeginning() throws IOException {
        var freshness = freshness(true, false, peer(200, false, true), peer(200, true, false));

        assertEquals(Optional.of(false), freshness.isFirstFormation(pause));
        assertFalse(freshness.mayFound());
    }

    @Test
    void aPeerWhoseZooKeeperHoldsSomethingForbidsAnEmptyOneButNotALog() throws IOException {
        var freshness = freshness(true, false, peer(200, false, false), peer(200, false, true));

        assertEquals(Optional.of(false), freshness.isFirstFormation(pause));
        assertTrue(freshness.mayFound());
    }

    @Test
    void aPeerThatDoesNotAnswerIsWaitedFor() throws IOException {
        var silent = freshness(true, false, peer(200, false, true), nobody());
        var forbidding = freshness(true, false, peer(200, false, true), peer(403, false, true));
        assertFalse(silent.mayFound());
        assertFalse(forbidding.mayFound());

        pause.end();
        assertEquals(Optional.empty(), silent.isFirstFormation(pause));
        assertEquals(Optional.empty(), forbidding.isFirstFormation(pause));
    }

    @Test
    void whoHasDataBeginsNothingAndAsksNobody() {
        var freshness = freshness(true, true, nobody());
        assertEquals(Optional.of(false), freshness.isFirstFormation(pause));
        assertFalse(freshness.mayFound());

        var wiped = freshness(false, false);
        assertEquals(Optional.of(false), wiped.isFirstFormation(pause));
        assertTrue(wiped.mayFound());
        wiped.ended();
        assertFalse(wiped.mayFound());
    }

    @Test
    void besideAStateOutOfABackupZooKeeperBeginsButOnlyThatNodeFoundsTheLog() throws IOException {
        Peer restored = peer(200, "{\"follows_log\":false,\"brings_data\":true,\"zookeeper_empty\":true}");
        var empty = freshness(true, false, restored, peer(200, false, true));
        assertEquals(Optional.of(true), empty.isFirstFormation(pause));
        assertFalse(empty.mayFound());

        var bringing = new Freshness(true, true, false, true, List.of(peer(200, false, true)), new PeerClient(SECRET));
        assertFalse(bringing.mayFound());
        assertTrue(bringing.mayFoundForOwnData());
        var twoOfThem = new Freshness(true, true, false, true, List.of(restored), new PeerClient(SECRET));
        assertFalse(twoOfThem.mayFoundForOwnData());
    }

    private Peer peer(int status, String answer) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        servers.add(server);
        server.createContext("/", exchange -> {
            byte[] body = answer.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return at(server.getAddress().getPort());
    }

    private static Freshness freshness(boolean zookeeperEmpty, boolean followsLog, Peer... others) {
        return new Freshness(true, zookeeperEmpty, followsLog, false, List.of(others), new PeerClient(SECRET));
    }

    private Peer peer(int status, boolean followsLog, boolean zookeeperEmpty) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
        servers.add(server);
        var api = new InternalApi(
                SECRET, "c", "zk:1/parley", () -> freshness(zookeeperEmpty, followsLog), SnapshotOffers::none);
        server.createContext("/", exchange -> {
            boolean known =
                    api.admits(Optional.ofNullable(exchange.getRequestHeaders().getFirst("Parley-Cluster-Secret")));
            byte[] body = api.answer(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(known ? status : 403, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return at(server.getAddress().getPort());
    }

    private static Peer nobody() {
        return at(1);
    }

    private static Peer at(int httpPort) {
        return new Peer(1, "127.0.0.1", 2, 3, 4, httpPort);
    }
}
