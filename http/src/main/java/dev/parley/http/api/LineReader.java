package dev.parley.http.api;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Cuts a stream into lines without copying them. Not thread-safe. */
final class LineReader {
    private final InputStream in;
    private final int lineBytesMax;
    private byte[] buffer = new byte[128 << 10];
    private int lineStart;
    private int lineEnd;
    private int end;
    private boolean overlong;
    private boolean exhausted;

    LineReader(InputStream in, int lineBytesMax) {
        this.in = in;
        this.lineBytesMax = lineBytesMax;
    }

    /** Goes to the next line. @return false when there is none; what follows the last line feed is one unless empty */
    boolean next() throws IOException {
        int from = Math.min(lineEnd + 1, end);
        lineStart = from;
        overlong = false;
        while (true) {
            for (int i = from; i < end; i++) {
                if (buffer[i] == '\n') {
                    lineEnd = i;
                    return true;
                }
            }
            if (exhausted) {
                lineEnd = end;
                return overlong || end > lineStart;
            }
            makeRoom();
            from = end;
            int read = in.read(buffer, end, buffer.length - end);
            exhausted = read < 0;
            end += Math.max(0, read);
        }
    }

    private void makeRoom() {
        if (end < buffer.length) {
            return;
        }
        if (lineStart > 0) {
            System.arraycopy(buffer, lineStart, buffer, 0, end - lineStart);
            end -= lineStart;
            lineStart = 0;
        } else if (buffer.length <= lineBytesMax) {
            buffer = Arrays.copyOf(buffer, (int) Math.min(buffer.length * 2L, lineBytesMax + 1L));
        } else {
            overlong = true; // what was read of it is given up, the rest will be too
            end = 0;
        }
    }

    /** The line is longer than it may be; {@link #bytes} does not hold it. */
    boolean isOverlong() {
        return overlong;
    }

    /** Holds the line from {@link #start} for {@link #length}, until the next call of {@link #next}. */
    byte[] bytes() {
        return buffer;
    }

    int start() {
        return lineStart;
    }

    int length() {
        int length = lineEnd - lineStart;
        return length > 0 && buffer[lineEnd - 1] == '\r' ? length - 1 : length;
    }
}
