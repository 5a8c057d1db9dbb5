package dev.parley.http.cli.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AnswerParserTest {
    private static final String WITH_LENGTH = "HTTP/1.1 201 Created\r\nX: y\r\ncontent-length: 5\r\n\r\nhello";
    private static final String CHUNKED =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6;ext=1\r\n world\r\n0\r\nT: 1\r\n\r\n";
    private static final String EMPTY = "HTTP/1.1 204 No Content\r\n\r\n";

    @ParameterizedTest
    @ValueSource(strings = {WITH_LENGTH, CHUNKED, EMPTY})
    void theEndIsFoundHoweverTheBytesArrive(String answer) {
        byte[] bytes = answer.getBytes(StandardCharsets.ISO_8859_1);
        for (int piece = 1; piece <= bytes.length; piece++) {
            var parser = new AnswerParser();
            for (int at = 0; at < bytes.length; at += piece) {
                var part = ByteBuffer.wrap(bytes, at, Math.min(piece, bytes.length - at));
                boolean done = parser.feed(part);
                assertEquals(at + piece >= bytes.length, done, "pieces of " + piece + " at " + at);
            }
            assertEquals(Integer.parseInt(answer.substring(9, 12)), parser.status());
        }
    }

    @Test
    void theTailOfTheBodyIsKeptAcrossChunks() {
        var parser = new AnswerParser();
        parser.feed(ByteBuffer.wrap(CHUNKED.getBytes(StandardCharsets.ISO_8859_1)));
        assertEquals("hello world", parser.tail());
    }

    @Test
    void aConnectionThatWillBeClosedIsNotUsedAgain() {
        var parser = new AnswerParser();
        parser.feed(bytes("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"));
        assertFalse(parser.isKeptAlive());
        parser.reset();
        assertTrue(parser.feed(bytes(WITH_LENGTH)));
        assertTrue(parser.isKeptAlive());
    }

    @Test
    void somethingThatIsNotHttpIsAnError() {
        assertThrows(IllegalStateException.class, () -> new AnswerParser().feed(bytes("SSH-2.0-OpenSSH\r\n")));
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }
}
