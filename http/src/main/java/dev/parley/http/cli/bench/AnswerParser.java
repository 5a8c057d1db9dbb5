package dev.parley.http.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the end of one HTTP/1.1 answer in a stream of bytes. Throws the body away, but for its last bytes.
 *
 * <pre>
 *   head --(length)--> body --> done
 *     |                           ^
 *     +--(chunked)--> chunk line --> chunk --> ... --> trailer
 * </pre>
 */
final class AnswerParser {
    private static final int LINE_BYTES_MAX = 64 << 10;
    private static final int TAIL_BYTES = 256;

    private enum State {
        STATUS,
        HEADER,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER,
        DONE
    }

    private final StringBuilder line = new StringBuilder(128);
    private final byte[] tail = new byte[TAIL_BYTES];
    private int tailBytes;
    private State state = State.STATUS;
    private int status;
    private long left;
    private boolean chunked;
    private boolean keepAlive = true;

    void reset() {
        state = State.STATUS;
        status = 0;
        left = 0;
        chunked = false;
        keepAlive = true;
        tailBytes = 0;
        line.setLength(0);
    }

    /** Takes bytes up to the end of the answer. @return whether the end was there */
    boolean feed(ByteBuffer bytes) {
        while (state != State.DONE && bytes.hasRemaining()) {
            switch (state) {
                case BODY, CHUNK -> skip(bytes);
                case STATUS, HEADER, CHUNK_SIZE, CHUNK_END, TRAILER -> readLine(bytes);
                case DONE -> throw new IllegalStateException("fed after the end");
            }
        }
        return state == State.DONE;
    }

    private void skip(ByteBuffer bytes) {
        int taken = (int) Math.min(left, bytes.remaining());
        keepTail(bytes, taken);
        bytes.position(bytes.position() + taken);
        left -= taken;
        if (left == 0) {
            state = state == State.BODY ? State.DONE : State.CHUNK_END;
        }
    }

    private void keepTail(ByteBuffer bytes, int taken) {
        int kept = Math.min(taken, TAIL_BYTES);
        int old = Math.min(tailBytes, TAIL_BYTES - kept);
        System.arraycopy(tail, tailBytes - old, tail, 0, old);
        bytes.get(bytes.position() + taken - kept, tail, old, kept);
        tailBytes = old + kept;
    }

    private void readLine(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            char c = (char) (bytes.get() & 0xff);
            if (c == '\n') {
                String text = line.toString();
                line.setLength(0);
                onLine(text);
                return;
            }
            if (c != '\r') {
                line.append(c);
            }
            if (line.length() > LINE_BYTES_MAX) {
                throw new IllegalStateException("a line of the answer is longer than " + LINE_BYTES_MAX);
            }
        }
    }

    private void onLine(String text) {
        switch (state) {
            case STATUS -> {
                if (text.length() < 12 || !text.startsWith("HTTP/1.")) {
                    throw new IllegalStateException("not an HTTP answer: " + text);
                }
                status = Integer.parseInt(text.substring(9, 12));
                state = State.HEADER;
            }
            case HEADER -> onHeader(text);
            case CHUNK_SIZE -> {
                int end = text.indexOf(';');
                left = Long.parseLong((end < 0 ? text : text.substring(0, end)).strip(), 16);
                state = left == 0 ? State.TRAILER : State.CHUNK;
            }
            case CHUNK_END -> state = State.CHUNK_SIZE;
            case TRAILER -> state = text.isEmpty() ? State.DONE : State.TRAILER;
            case BODY, CHUNK, DONE -> throw new IllegalStateException("no line expected in " + state);
        }
    }

    private void onHeader(String text) {
        if (text.isEmpty()) {
            state = chunked ? State.CHUNK_SIZE : left == 0 ? State.DONE : State.BODY;
            return;
        }
        int colon = text.indexOf(':');
        if (colon == 14 && text.regionMatches(true, 0, "Content-Length", 0, 14)) {
            left = Long.parseLong(text.substring(colon + 1).strip());
        } else if (colon == 17 && text.regionMatches(true, 0, "Transfer-Encoding", 0, 17)) {
            chunked = text.toLowerCase(Locale.ROOT).endsWith("chunked");
        } else if (colon == 10 && text.regionMatches(true, 0, "Connection", 0, 10)) {
            keepAlive = !text.toLowerCase(Locale.ROOT).endsWith("close");
        }
    }

    int status() {
        return status;
    }

    /** Whether the connection can take another request. */
    boolean isKeptAlive() {
        return keepAlive;
    }

    /** The last bytes of the body, as text. */
    String tail() {
        return new String(tail, 0, tailBytes, StandardCharsets.UTF_8);
    }
}
