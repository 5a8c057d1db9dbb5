package dev.parley.http.node;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import com.sun.net.httpserver.HttpServer;
import dev.parley.coordination.control.Event;
import dev.parley.coordination.control.EventLog;
import dev.parley.coordination.hook.HookDelivery;
import dev.parley.store.kv.AttendanceCommand;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.ClusterEvents;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.Hooks;
import dev.parley.store.kv.Submission;
import dev.parley.store.replica.Replica.Result;
import dev.parley.store.replica.SingleNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@SuppressWarnings("try") // what is opened works by itself
final class TellingTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private record Received(String hook, String event, String trace, String body) {}

    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final AtomicInteger refusals = new AtomicInteger();
    private final EventLog events = new EventLog("n1", "12345678", () -> 0);
    private HttpServer target;
    private SingleNode node;

    @BeforeEach
    void start() throws IOException {
        target = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        target.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            boolean refused = refusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
            if (!refused) {
                received.add(new Received(
                        exchange.getRequestHeaders().getFirst("Parley-Hook"),
                        exchange.getRequestHeaders().getFirst("Parley-Event"),
                        String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")),
                        body));
            }
            exchange.sendResponseHeaders(refused ? 500 : 204, -1);
            exchange.close();
        });
        target.start();
        node = SingleNode.start();
        node.replica().campaign(true);
        await().atMost(PATIENCE).until(() -> node.replica().status().leader());
    }

    @AfterEach
    void stop() {
        node.close();
        target.stop(0);
    }

    private Telling telling(String... hosts) {
        return Telling.start(node.replica(), events, List.of(hosts), Ambient.real());
    }

    private void run(Command command) {
        assertInstanceOf(Result.Decided.class, node.replica().submit(Submission.of(command), PATIENCE));
    }

    private void hook(String id, String event) {
        run(new Command.PutHook(
                id, event, "http://127.0.0.1:" + target.getAddress().getPort() + "/" + id, 0));
    }

    private void enter(String name, long incarnation) {
        run(new Command.RegisterMember(name, new UUID(9, incarnation), "http://" + name, 1));
        run(new AttendanceCommand.Enter(
                name, new UUID(3, incarnation), "1", List.of(), 1, AttendanceCommand.Origin.NONE));
    }

    private List<String> names(String hook) {
        return received.stream()
                .filter(each -> each.hook().equals(hook))
                .map(Received::event)
                .toList();
    }

    @Test
    @DisplayName("C16, D4: a hook is told of the cluster's events and of its node's, as they are listed")
    void aHookIsToldOfWhatItWants() {
        hook("joins", "node_joined");
        hook("own", "degraded");
        try (Telling telling = telling("127.0.0.1")) {
            enter("n2", 1);
            String trace = "0af7651916cd43dd8448eb211c80319c";
            events.add(Event.SYSTEM, "degraded", trace);
            await().atMost(PATIENCE).until(() -> received.size() == 2);
            assertEquals(List.of("node_joined"), names("joins"));
            assertEquals(List.of("degraded"), names("own"));
            Received own = received.stream()
                    .filter(each -> each.hook().equals("own"))
                    .findFirst()
                    .orElseThrow();
            assertEquals("00-" + trace + "-0000000000000001-01", own.trace());
            assertEquals(
                    "{\"id\":\"n-12345678-1\",\"scope\":\"node\",\"category\":\"system\",\"name\":\"degraded\"",
                    own.body().substring(0, own.body().indexOf(",\"node\"")));
        }
    }

    @Test
    void anEventIsToldAgainUntilItIsTakenAndANextRunGoesOnWhereTheLastOneWas() {
        hook("joins", "node_joined");
        refusals.set(1);
        try (Telling telling = telling("127.0.0.1")) {
            enter("n2", 1);
            enter("n3", 2);
            await().atMost(PATIENCE).until(() -> received.size() == 2);
            await().atMost(PATIENCE).until(this::isAllTold);
        }
        enter("n4", 3);
        try (Telling telling = telling("127.0.0.1")) {
            await().atMost(PATIENCE).until(() -> received.size() == 3);
        }
        assertEquals(List.of("node_joined", "node_joined", "node_joined"), names("joins"));
    }

    private boolean isAllTold() {
        try (var view = node.replica().view().orElseThrow()) {
            return Hooks.told(view, "joins") == ClusterEvents.next(view) - 1;
        }
    }

    @Test
    void whatTheConfigurationOfThisNodeDoesNotAllowIsNotSent() {
        hook("joins", "node_joined");
        var asked = new AtomicInteger();
        var sent = new AtomicInteger();
        var parts = new HookDelivery.Parts(
                node.replica(),
                events,
                message -> sent.incrementAndGet() > 0,
                host -> asked.incrementAndGet() < 0,
                event -> Bytes.EMPTY,
                System::nanoTime);
        try (HookDelivery delivery = HookDelivery.start(parts)) {
            enter("n2", 1);
            await().atMost(PATIENCE).until(() -> asked.get() >= 1);
        }
        assertEquals(0, sent.get());
    }
}
