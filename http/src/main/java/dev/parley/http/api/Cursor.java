package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.KeyRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Where the next page of a list begins. Opaque to clients; bound to the list it came from and to its snapshot.
 *
 * <pre>
 *   offset  bytes  field
 *        0      1  format, 1
 *        1      8  revision of the snapshot
 *        9      4  CRC-32C of the list: range and direction
 *       13      n  last key of the page before
 *     13+n      4  CRC-32C of all bytes before
 * </pre>
 */
record Cursor(long revision, Bytes lastKey) {
    private static final byte FORMAT = 1;
    private static final int HEAD_BYTES = 13;
    private static final int CHECK_BYTES = 4;

    String encode(KeyRange range, boolean reverse) {
        ByteBuffer out = ByteBuffer.allocate(HEAD_BYTES + lastKey.size() + CHECK_BYTES);
        out.put(FORMAT).putLong(revision).putInt(checkOfList(range, reverse)).put(lastKey.unsafeArray());
        out.putInt(check(out.array(), out.position()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(out.array());
    }

    /** Empty when the text is not what {@link #encode} gave for the same list. */
    static Optional<Cursor> decode(String text, KeyRange range, boolean reverse) {
        byte[] bytes;
        try {
            bytes = Base64.getUrlDecoder().decode(text);
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
        int checked = bytes.length - CHECK_BYTES;
        if (checked < HEAD_BYTES) {
            return Optional.empty();
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        boolean ours = in.getInt(checked) == check(bytes, checked)
                && in.get(0) == FORMAT
                && in.getInt(9) == checkOfList(range, reverse);
        return ours
                ? Optional.of(new Cursor(in.getLong(1), Bytes.wrap(Arrays.copyOfRange(bytes, HEAD_BYTES, checked))))
                : Optional.empty();
    }

    /** What is left of the range after this page. */
    KeyRange rest(KeyRange range, boolean reverse) {
        if (reverse) {
            return new KeyRange(range.start(), Optional.of(lastKey));
        }
        return new KeyRange(Bytes.wrap(Arrays.copyOf(lastKey.unsafeArray(), lastKey.size() + 1)), range.end());
    }

    private static int checkOfList(KeyRange range, boolean reverse) {
        CRC32C crc = new CRC32C();
        crc.update(range.start().unsafeArray());
        crc.update(reverse ? 1 : 0);
        range.end().ifPresent(end -> {
            crc.update(2);
            crc.update(end.unsafeArray());
        });
        return (int) crc.getValue();
    }

    private static int check(byte[] bytes, int size) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, size);
        return (int) crc.getValue();
    }
}
