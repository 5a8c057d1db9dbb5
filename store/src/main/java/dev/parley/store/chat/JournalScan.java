package dev.parley.store.chat;

import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Malformed;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Frames of a journal: mark, length, CRC32C, content. What does not verify at the end is a torn write and never was
 * acknowledged; what does not verify with a good frame behind it is damage: the frames behind it count.
 */
final class JournalScan {
    static final int HEAD_BYTES = 12;

    private static final int MARK = 0x50C4_A701;
    private static final int CONTENT_BYTES_MAX = 64 << 10;

    private JournalScan() {}

    static byte[] frame(long index, ChatEntry entry) {
        byte[] content = entry.encode(index).toArray();
        return ByteBuffer.allocate(HEAD_BYTES + content.length)
                .putInt(MARK)
                .putInt(content.length)
                .putInt(sum(content, 0, content.length))
                .put(content)
                .array();
    }

    private static int sum(byte[] bytes, int from, int length) {
        CRC32C sum = new CRC32C();
        sum.update(bytes, from, length);
        return (int) sum.getValue();
    }

    /** Reads a whole file. @return stretches that do not verify, with good frames behind them */
    static int scan(byte[] file, ChatJournal.Visitor entries) {
        int at = 0;
        int damages = 0;
        boolean damaged = false;
        while (at + HEAD_BYTES <= file.length) {
            int size = goodFrameAt(file, at, entries);
            if (size > 0) {
                damages += damaged ? 1 : 0;
                damaged = false;
                at += size;
            } else {
                damaged = true;
                at++;
            }
        }
        return damages;
    }

    /** @return its size, 0 when there is none */
    private static int goodFrameAt(byte[] file, int at, ChatJournal.Visitor entries) {
        ByteBuffer head = ByteBuffer.wrap(file, at, HEAD_BYTES);
        if (head.getInt() != MARK) {
            return 0;
        }
        int length = head.getInt();
        int from = at + HEAD_BYTES;
        if (length < 0
                || length > CONTENT_BYTES_MAX
                || length > file.length - from
                || head.getInt() != sum(file, from, length)) {
            return 0;
        }
        try {
            BinaryReader in = new BinaryReader(Bytes.copyOf(file, from, length));
            entries.visit(in.i64(), ChatEntry.read(in));
            return HEAD_BYTES + length;
        } catch (Malformed foreign) {
            return 0;
        }
    }
}
