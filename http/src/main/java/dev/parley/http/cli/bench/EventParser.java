package dev.parley.http.cli.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.function.LongConsumer;

/** Finds the ids in a chunked stream of server-sent events, byte by byte, and keeps next to nothing of it. */
final class EventParser {
    private static final int LINE_BYTES_KEPT = 40;

    private enum At {
        HEAD,
        SIZE,
        DATA,
        BEHIND_DATA,
        END
    }

    private final byte[] line = new byte[LINE_BYTES_KEPT];
    private At at = At.HEAD;
    private int lineBytes;
    private int lineFeeds;
    private int chunkLeft;
    private boolean bookmark;

    /**
     * @param bookmarks told of the revision of each bookmark
     * @param events told of the revision of each event
     * @throws IllegalStateException when the answer is no stream
     */
    void read(ByteBuffer bytes, LongConsumer bookmarks, LongConsumer events) {
        while (bytes.hasRemaining()) {
            byte unit = bytes.get();
            switch (at) {
                case HEAD -> head(unit);
                case SIZE -> size(unit);
                case DATA -> data(unit, bookmarks, events);
                case END -> {}
                case BEHIND_DATA -> at = unit == '\n' ? At.SIZE : At.BEHIND_DATA;
            }
        }
    }

    private void head(byte unit) {
        if (unit == '\n') {
            if (lineFeeds == 0 && !text().contains(" 200")) {
                throw new IllegalStateException("refused: " + text());
            }
            lineFeeds++;
            if (lineBytes <= 1) {
                at = At.SIZE;
            }
            lineBytes = 0;
        } else {
            keep(unit);
        }
    }

    private void size(byte unit) {
        int digit = Character.digit(unit, 16);
        if (digit >= 0) {
            chunkLeft = 16 * chunkLeft + digit;
        } else if (unit == '\n') {
            at = chunkLeft == 0 ? At.END : At.DATA;
        }
    }

    private void data(byte unit, LongConsumer bookmarks, LongConsumer events) {
        if (unit == '\n') {
            line(bookmarks, events);
            lineBytes = 0;
        } else {
            keep(unit);
        }
        if (--chunkLeft == 0) {
            at = At.BEHIND_DATA;
        }
    }

    private void line(LongConsumer bookmarks, LongConsumer events) {
        if (lineBytes > 7 && line[0] == 'e' && line[1] == 'v') {
            bookmark = text().equals("event: bookmark");
        } else if (lineBytes > 4 && line[0] == 'i' && line[1] == 'd') {
            (bookmark ? bookmarks : events).accept(Long.parseLong(text().substring(4)));
            bookmark = false;
        }
    }

    private void keep(byte unit) {
        if (lineBytes < LINE_BYTES_KEPT) {
            line[lineBytes++] = unit;
        }
    }

    private String text() {
        return new String(line, 0, lineBytes, StandardCharsets.US_ASCII).strip();
    }
}
