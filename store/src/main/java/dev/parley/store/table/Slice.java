package dev.parley.store.table;

import java.nio.ByteBuffer;

/**
 * A stored value where it lies in a table: valid while the table is held.
 *
 * <pre>
 *   00 content                            the content itself
 *   01 offset 8, length 4, CRC32C 4       the content is in the table's value file
 *   02                                    a cell was removed
 * </pre>
 */
record Slice(ByteBuffer page, int position, int length) {
    static final byte INLINE = 0;
    static final byte SPILLED = 1;
    static final byte REMOVED = 2;

    static final int SPILLED_BYTES = 1 + Long.BYTES + Integer.BYTES + Integer.BYTES;

    byte kind() {
        return page.get(position);
    }

    byte[] inlineContent() {
        byte[] content = new byte[length - 1];
        page.get(position + 1, content);
        return content;
    }

    long spilledOffset() {
        return page.getLong(position + 1);
    }

    int spilledLength() {
        return page.getInt(position + 1 + Long.BYTES);
    }

    int spilledCrc() {
        return page.getInt(position + 1 + Long.BYTES + Integer.BYTES);
    }

    byte[] copy() {
        byte[] stored = new byte[length];
        page.get(position, stored);
        return stored;
    }
}
