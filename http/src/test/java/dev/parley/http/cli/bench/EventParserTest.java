package dev.parley.http.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EventParserTest {
    private static final String HEAD = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    private final List<Long> bookmarks = new ArrayList<>();
    private final List<Long> events = new ArrayList<>();

    private static String chunk(String content) {
        return Integer.toHexString(content.length()) + "\r\n" + content + "\r\n";
    }

    private void read(String text, int pieceBytes) {
        EventParser parser = new EventParser();
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length; at += pieceBytes) {
            parser.read(
                    ByteBuffer.wrap(bytes, at, Math.min(pieceBytes, bytes.length - at)), bookmarks::add, events::add);
        }
    }

    @Test
    void idsAreFoundWhereverTheNetworkCutsTheStream() {
        String stream = HEAD
                + chunk("retry: 1000\n\nevent: bookmark\nid: 7\ndata: {\"revision\":7}\n\n")
                + chunk("id: 12\ndata: {\"value\":\"" + "x".repeat(300) + "\\nid: 99\"}\n\nid: 1")
                + chunk("3\ndata: {}\n\n")
                + chunk("event: bookmark\nid: 15\ndata: {}\n\n");
        for (int pieceBytes : new int[] {1, 2, 7, 64, 10_000}) {
            bookmarks.clear();
            events.clear();
            read(stream, pieceBytes);
            assertEquals(List.of(7L, 15L), bookmarks, pieceBytes + " bytes a piece");
            assertEquals(List.of(12L, 13L), events, pieceBytes + " bytes a piece");
        }
    }

    @Test
    void aRefusalIsNoStream() {
        assertThrows(IllegalStateException.class, () -> read("HTTP/1.1 503 Service Unavailable\r\n\r\n", 10));
    }
}
