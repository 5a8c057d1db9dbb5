package dev.parley.http.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.parley.coordination.chat.Chat;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** How a client of chat is let go that asks for too much or reads too slowly, byte by byte over a connection of its own. */
class ChatClosesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int WRITERS = 64;

    private final Gossiped gossiped = TestServer.gossiped("n1");
    private TestServer server;

    @BeforeEach
    void start() {
        server = TestServer.start(gossiped);
    }

    @AfterEach
    void stop() {
        server.close();
        gossiped.chat().close();
    }

    /** One connection; nothing is read unless it is asked for. */
    private static final class Slow implements AutoCloseable {
        private final Socket socket = new Socket();
        private final DataInputStream in;

        /** Frame of the server: its opcode and what is in it. */
        private record Frame(int opcode, byte[] content) {
            JsonNode json() throws IOException {
                return JSON.readTree(content);
            }

            int closeCode() {
                return (content[0] & 0xFF) << 8 | content[1] & 0xFF;
            }
        }

        Slow(int port, String target) throws IOException {
            socket.setReceiveBufferSize(4 << 10);
            socket.setSoTimeout(60_000);
            socket.connect(new InetSocketAddress("127.0.0.1", port));
            socket.getOutputStream()
                    .write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                                    + "Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            in = new DataInputStream(new java.io.BufferedInputStream(socket.getInputStream()));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) in.readUnsignedByte());
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 101"), head.toString());
        }

        /** A message, put together, or the close; pings are passed over. */
        Frame read() throws IOException {
            ByteArrayOutputStream message = new ByteArrayOutputStream();
            while (true) {
                int head = in.readUnsignedByte();
                int opcode = head & 0x0F;
                int length = in.readUnsignedByte();
                long size = length == 127 ? in.readLong() : length == 126 ? in.readUnsignedShort() : length;
                byte[] content = new byte[(int) size];
                in.readFully(content);
                if (opcode == 8) {
                    return new Frame(opcode, content);
                }
                if (opcode < 8) {
                    message.writeBytes(content);
                    if ((head & 0x80) != 0) {
                        return new Frame(1, message.toByteArray());
                    }
                }
            }
        }

        /** All messages until the server closes; the frames in between are passed over. */
        List<Frame> readAll() throws IOException {
            List<Frame> frames = new ArrayList<>();
            do {
                frames.add(read());
            } while (frames.getLast().opcode() != 8);
            return frames;
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }

    private void post(int count, IntFunction<String> room, IntFunction<String> text) throws InterruptedException {
        List<Thread> writers = new ArrayList<>();
        for (int w = 0; w < WRITERS; w++) {
            int first = w;
            writers.add(Thread.ofVirtual().start(() -> {
                for (int i = first; i < count; i += WRITERS) {
                    assertInstanceOf(
                            Chat.Result.Posted.class,
                            gossiped.chat()
                                    .post(
                                            room.apply(i),
                                            "busy",
                                            text.apply(i),
                                            Chat.Acks.LOCAL,
                                            Duration.ofSeconds(30),
                                            this));
                }
            }));
        }
        for (Thread writer : writers) {
            writer.join();
        }
    }

    private static void collect(Set<Integer> seen, JsonNode message) {
        int number = Integer.parseInt(message.get("text").asText().strip());
        assertTrue(seen.add(number), "message " + number + " came twice");
    }

    @Test
    @DisplayName("L15, L19: who reads too slowly is told from where to resume, closed with 4008, and misses nothing")
    void whoReadsTooSlowlyIsClosedWith4008AndMissesNothing() throws Exception {
        int count = 900; // more than the system buffers and a follower may fall behind, together
        Set<Integer> seen = new HashSet<>();
        String after;
        try (Slow slow = new Slow(server.port(), "/v1/chat/rooms/r/ws?user=slow")) {
            assertEquals("history", slow.read().json().get("type").asText());
            post(count, i -> "r", i -> String.format("%-8000d", i));
            List<Slow.Frame> frames = slow.readAll();
            assertEquals(4008, frames.getLast().closeCode());
            JsonNode lagged = frames.get(frames.size() - 2).json();
            assertEquals("lagged", lagged.get("type").asText());
            after = lagged.get("after").asText();
            for (Slow.Frame frame : frames) {
                if (frame.opcode() == 1 && frame.json().get("type").asText().equals("message")) {
                    collect(seen, frame.json());
                }
            }
        }
        assertTrue(seen.size() < count, "it was to miss something");
        try (Slow again = new Slow(server.port(), "/v1/chat/rooms/r/ws?user=slow&after=" + after)) {
            again.read().json().get("messages").forEach(message -> collect(seen, message));
        }
        assertEquals(count, seen.size());
    }

    @Test
    @DisplayName("L18: who asks for one room too many is closed with 1013, and others go on")
    void whoAsksForOneRoomTooManyIsClosedWith1013() throws Exception {
        post(1_000, i -> "room-" + i, i -> "x");
        try (Slow client = new Slow(server.port(), "/v1/chat/rooms/one-too-many/ws")) {
            assertEquals(1013, client.readAll().getLast().closeCode());
        }
        assertEquals(
                503,
                server.post("/v1/chat/rooms/one-too-many/messages", "{\"text\":\"x\"}")
                        .status());
        assertEquals(
                201,
                server.post("/v1/chat/rooms/room-7/messages", "{\"text\":\"x\"}")
                        .status());
    }
}
