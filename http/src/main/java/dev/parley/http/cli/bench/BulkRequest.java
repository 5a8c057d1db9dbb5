package dev.parley.http.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Many lines in one chunked request, made while they are sent. */
final class BulkRequest implements Outgoing {
    private static final int PIECE_CHARACTERS = 32 << 10;

    private final int lines;
    private final Requests requests;
    private int made;
    private boolean ended;
    private ByteBuffer current;

    BulkRequest(String host, int lines, Requests requests) {
        this.lines = lines;
        this.requests = requests;
        current = bytes("POST /v1/bulk HTTP/1.1\r\nHost: " + host
                + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    @Override
    public ByteBuffer piece() {
        if (!current.hasRemaining() && !ended) {
            current = bytes(nextPiece());
        }
        return current;
    }

    private String nextPiece() {
        if (made == lines) {
            ended = true;
            return "0\r\n\r\n";
        }
        var text = new StringBuilder(PIECE_CHARACTERS + 1024);
        while (made < lines && text.length() < PIECE_CHARACTERS) {
            text.append(requests.bulkLine());
            made++;
        }
        return Integer.toHexString(text.length()) + "\r\n" + text + "\r\n";
    }

    private static ByteBuffer bytes(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Override
    public int operations() {
        return lines;
    }
}
