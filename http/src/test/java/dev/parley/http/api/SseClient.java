package dev.parley.http.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads one stream of server-sent events, no faster than it is asked to. */
final class SseClient implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** @param id empty when there was none; {@code name} too */
    record Message(String name, String id, JsonNode data) {
        long revision() {
            return data.get("revision").asLong();
        }
    }

    private final Socket socket;
    private final InputStream in;
    private final List<String> head = new ArrayList<>();
    private int chunkLeft;
    private boolean chunkSeen;

    private SseClient(Socket socket, String target, String... headers) throws IOException {
        this.socket = socket;
        this.in = new java.io.BufferedInputStream(socket.getInputStream());
        String request = "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n";
        for (String header : headers) {
            request += header + "\r\n";
        }
        socket.getOutputStream().write((request + "\r\n").getBytes(StandardCharsets.UTF_8));
        for (String line = plainLine(); !line.isEmpty(); line = plainLine()) {
            head.add(line);
        }
        if (!head.getFirst().contains(" 200 ")) {
            throw new AssertionError(head);
        }
    }

    static SseClient open(TestServer server, String target, String... headers) {
        try {
            return new SseClient(server.connect(), target, headers);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<String> head() {
        return head;
    }

    private String plainLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int unit = in.read(); unit != '\n'; unit = in.read()) {
            if (unit < 0) {
                throw new EOFException();
            }
            line.write(unit);
        }
        return line.toString(StandardCharsets.UTF_8).stripTrailing();
    }

    private int bodyByte() throws IOException {
        if (chunkLeft == 0) {
            if (chunkSeen) {
                plainLine(); // the end of a chunk may come with the next one
            }
            chunkSeen = true;
            chunkLeft = Integer.parseInt(plainLine(), 16);
            if (chunkLeft == 0) {
                return -1;
            }
        }
        chunkLeft--;
        return in.read();
    }

    /** Without its end; empty text at an empty line. @throws EOFException at the end of the stream */
    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int unit = bodyByte(); unit != '\n'; unit = bodyByte()) {
            if (unit < 0) {
                throw new EOFException();
            }
            line.write(unit);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The next message; what has no data is passed over. */
    Message next() {
        try {
            String name = "";
            String id = "";
            String data = "";
            while (true) {
                String line = line();
                if (line.startsWith("event: ")) {
                    name = line.substring(7);
                } else if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    data = line.substring(6);
                } else if (line.isEmpty() && !data.isEmpty()) {
                    return new Message(name, id, JSON.readTree(data));
                }
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether the server ended the stream, properly. */
    boolean isAtEnd() {
        try {
            return bodyByte() < 0;
        } catch (IOException failure) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
