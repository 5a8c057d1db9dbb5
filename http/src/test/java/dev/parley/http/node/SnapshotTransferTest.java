package dev.parley.http.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.parley.http.api.Checkpoints;
import dev.parley.http.api.NodeFacts;
import dev.parley.http.api.SnapshotOffers;
import dev.parley.http.api.SnapshotOffers.Offered;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.Version;
import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.SnapshotSource.Wanted;
import dev.parley.store.replica.StateStore.Incoming;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StateView;
import dev.parley.store.table.TableConfig;
import dev.parley.store.table.TableStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a lender over HTTP beside the tables of the one that needs them, over a way that is not to be trusted. */
final class SnapshotTransferTest {
    private static final UUID LOG = new UUID(7, 7);
    private static final TableConfig EAGER = TableConfig.DEFAULT.withFlushLogEntries(1);
    private static final int ENTRIES = 6;

    @TempDir
    Path directory;

    private final List<HttpServer> servers = new ArrayList<>();
    private final List<String> requests = new java.util.concurrent.CopyOnWriteArrayList<>();
    private final AtomicReference<OptionalLong> held = new AtomicReference<>(OptionalLong.empty());
    private final AtomicReference<Optional<NodeFacts.Rebuild>> progress = new AtomicReference<>(Optional.empty());
    private final Pause pause = new Pause();
    private TableStore source;
    private TableStore target;
    private SnapshotLender lender;

    /** Spoils the answer to a part of a file. */
    private interface Fault {
        byte[] spoil(byte[] part, int count) throws IOException;
    }

    @BeforeEach
    void open() {
        source = TableStore.open(directory.resolve("source"), EAGER, Runnable::run, UUID::randomUUID);
        target = TableStore.open(directory.resolve("target"), EAGER, Runnable::run, UUID::randomUUID);
        source.bind(LOG);
        for (long entry = 1; entry <= ENTRIES; entry++) {
            byte[] value = new byte[500_000];
            new java.util.SplittableRandom(entry).nextBytes(value);
            source.map()
                    .put(Keyspace.KV, Key.of("k" + entry), new Version.Live(entry, entry, 1, 0, "", Bytes.wrap(value)));
            source.publish(new Position(new LogIndex(entry), entry, entry));
            source.maintain(0);
            source.maintain(0);
        }
        Checkpoints files = (least, patience) -> Optional.of(source.checkpoint());
        lender = new SnapshotLender(files, new ReadyReplica(source), Ambient.real());
        lender.holdBy(held::set);
    }

    @AfterEach
    void close() {
        pause.end();
        servers.forEach(server -> server.stop(0));
        lender.close();
        source.close();
        target.close();
    }

    private String serve(SnapshotOffers offers, Fault fault) {
        try {
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
            servers.add(server);
            var parts = new AtomicInteger();
            server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
            server.createContext("/", exchange -> {
                try (exchange) {
                    answer(exchange, offers, fault, parts);
                }
            });
            server.start();
            return "http://127.0.0.1:" + server.getAddress().getPort();
        } catch (IOException failure) {
            throw new java.io.UncheckedIOException(failure);
        }
    }

    private void answer(HttpExchange exchange, SnapshotOffers offers, Fault fault, AtomicInteger parts)
            throws IOException {
        Map<String, String> query = Stream.of(
                        Optional.ofNullable(exchange.getRequestURI().getQuery())
                                .orElse("")
                                .split("&"))
                .map(each -> each.split("=", 2))
                .filter(each -> each.length == 2)
                .collect(Collectors.toMap(each -> each[0], each -> each[1]));
        String id = Path.of(exchange.getRequestURI().getPath()).getFileName().toString();
        switch (exchange.getRequestMethod()) {
            case "POST" -> {
                switch (offers.offer(UUID.fromString(query.get("log")), Long.parseLong(query.get("above")))) {
                    case Offered.Made(SnapshotOffers.Offer offer) ->
                        send(
                                exchange,
                                200,
                                ("{\"id\":\"" + offer.id() + "\",\"applied\":" + offer.applied() + ",\"manifest\":\""
                                                + Base64.getEncoder().encodeToString(offer.manifest()) + "\"}")
                                        .getBytes(StandardCharsets.UTF_8));
                    case Offered.Not(String why) -> send(exchange, 503, "{}".getBytes(StandardCharsets.UTF_8));
                }
            }
            case "GET" -> {
                requests.add(query.get("file") + " from " + query.get("from"));
                byte[] part = offers.read(id, query.get("file"), Long.parseLong(query.get("from")), 300_000)
                        .orElseThrow();
                send(exchange, 200, fault.spoil(part, parts.incrementAndGet()));
            }
            default -> {
                offers.release(id);
                exchange.sendResponseHeaders(204, -1);
            }
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        exchange.getResponseBody().write(body);
    }

    private CompletableFuture<Incoming> fetch(String... peers) {
        var arrived = new CompletableFuture<Incoming>();
        new SnapshotFetch(
                        directory.resolve("target"),
                        "secret",
                        () -> List.of(peers),
                        UUID::randomUUID,
                        pause,
                        progress::set)
                .fetch(new Wanted(LOG, new LogIndex(2), "a test"), arrived::complete);
        return arrived;
    }

    private void expectInstalled(Incoming incoming) {
        target.install(incoming, false);
        assertEquals(ENTRIES, target.position().revision());
        try (StateView view = target.view();
                StateView original = source.view()) {
            for (int entry = 1; entry <= ENTRIES; entry++) {
                assertEquals(
                        original.liveAt(Keyspace.KV, Key.of("k" + entry), ENTRIES),
                        view.liveAt(Keyspace.KV, Key.of("k" + entry), ENTRIES));
            }
        }
    }

    @Test
    void allFilesComeInPartsAndTheLogIsHeldForWhoGoesOnFromThere() throws Exception {
        String peer = serve(lender, (part, count) -> part);
        expectInstalled(fetch(peer).get(30, TimeUnit.SECONDS));
        assertEquals(OptionalLong.of(ENTRIES), held.get());
        assertEquals(requests.stream().distinct().count(), requests.size());
        assertEquals(Optional.empty(), progress.get());
    }

    @Test
    void aFlippedByteOnTheWayIsFoundAndTheFileFetchedAgain() throws Exception {
        String peer = serve(lender, (part, count) -> {
            byte[] sent = part.clone();
            sent[sent.length / 2] ^= (byte) (count == 3 ? 1 : 0);
            return sent;
        });
        expectInstalled(fetch(peer).get(30, TimeUnit.SECONDS));
        assertTrue(requests.stream().distinct().count() < requests.size());
    }

    @Test
    void aPeerThatAlwaysSendsRubbishIsLeftForAnother() throws Exception {
        String wrong = serve(lender, (part, count) -> new byte[part.length]);
        String right = serve(lender, (part, count) -> part);
        expectInstalled(fetch(wrong, right).get(30, TimeUnit.SECONDS));
    }

    @Test
    void anInterruptedTransferGoesOnWhereItStoppedFromWhomeverHasTheFile() throws Exception {
        String dies = serve(lender, (part, count) -> {
            if (count > 4) {
                throw new IOException("gone");
            }
            return part;
        });
        String lives = serve(lender, (part, count) -> part);
        expectInstalled(fetch(dies, lives).get(30, TimeUnit.SECONDS));
        List<String> beginnings =
                requests.stream().filter(request -> request.endsWith(" from 0")).toList();
        assertEquals(beginnings.stream().distinct().count(), beginnings.size(), requests::toString);
    }

    @Test
    void partsThatAreCutShortAreAskedForAgainFromTheirEnd() throws Exception {
        String peer = serve(lender, (part, count) -> Arrays.copyOf(part, Math.max(1, part.length / 2)));
        expectInstalled(fetch(peer).get(60, TimeUnit.SECONDS));
    }

    @Test
    void aStateThatIsNotBehindTheTrimOrOfAnotherLogIsNotOffered() {
        assertInstanceOf(Offered.Not.class, lender.offer(LOG, ENTRIES));
        assertInstanceOf(Offered.Not.class, lender.offer(new UUID(8, 8), 0));
        assertInstanceOf(Offered.Made.class, lender.offer(LOG, ENTRIES - 1));
    }

    @Test
    void aReleasedOfferIsGoneAndHoldsNothing() {
        Offered.Made made = assertInstanceOf(Offered.Made.class, lender.offer(LOG, 0));
        assertNotEquals(OptionalLong.empty(), held.get());
        lender.release(made.offer().id());
        assertEquals(OptionalLong.empty(), held.get());
        assertEquals(Optional.empty(), lender.read(made.offer().id(), "1.table", 0, 10));
    }

    @Test
    void noMoreOffersAreMadeThanANodeCanServe() {
        int made = 0;
        while (lender.offer(LOG, 0) instanceof Offered.Made) {
            made++;
        }
        assertEquals(4, made);
    }
}
