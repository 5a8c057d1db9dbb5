package dev.parley.store.table;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Tells of most subjects (see {@link EncodedKeys#subjectLength}) that a table does not hold them; never of one that it
 * does hold. About 10 bits each, all in one block of 64 bytes, so that asking costs one cache line of the mapped file.
 * How it hashes is part of the format on disk.
 */
final class BloomFilter {
    private static final int BITS_PER_SUBJECT = 10;
    private static final int WORDS_PER_BLOCK = 8;
    private static final int PROBES = 7;
    private static final int PROBE_BITS = 9;
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final MappedFile file;
    private final long offset;
    private final long blocks;

    /** Reads {@code words} longs at {@code offset}, a multiple of 64. */
    BloomFilter(MappedFile file, long offset, int words) {
        this.file = file;
        this.offset = offset;
        this.blocks = words / WORDS_PER_BLOCK;
    }

    boolean mayHold(long hash) {
        if (blocks == 0) {
            return false;
        }
        long block = offset + Math.unsignedMultiplyHigh(hash, blocks) * (WORDS_PER_BLOCK * Long.BYTES);
        long bits = mix(hash);
        for (int probe = 0; probe < PROBES; probe++, bits >>>= PROBE_BITS) {
            long word = file.longAt(block + ((bits >>> 6) & 7) * Long.BYTES);
            if ((word & (1L << bits)) == 0) {
                return false;
            }
        }
        return true;
    }

    /** Of the first {@code length} bytes. */
    static long hash(byte[] bytes, int length) {
        long hash = 0x9E3779B97F4A7C15L ^ length;
        int at = 0;
        for (; at + Long.BYTES <= length; at += Long.BYTES) {
            hash = mix(hash ^ (long) LONG.get(bytes, at));
        }
        long tail = 0;
        for (; at < length; at++) {
            tail = tail << 8 | (bytes[at] & 0xFF);
        }
        return mix(hash ^ tail);
    }

    private static long mix(long bits) {
        long mixed = (bits ^ (bits >>> 32)) * 0xD6E8FEB86659FD93L;
        mixed = (mixed ^ (mixed >>> 32)) * 0xD6E8FEB86659FD93L;
        return mixed ^ (mixed >>> 32);
    }

    /** A filter being filled. */
    static final class Builder {
        private final long[] words;

        Builder(long subjectsMax) {
            long blocks = Math.ceilDiv(Math.max(1, subjectsMax) * BITS_PER_SUBJECT, WORDS_PER_BLOCK * Long.SIZE);
            words = new long[Math.toIntExact(blocks * WORDS_PER_BLOCK)];
        }

        void add(long hash) {
            long blocks = words.length / WORDS_PER_BLOCK;
            int block = (int) Math.unsignedMultiplyHigh(hash, blocks) * WORDS_PER_BLOCK;
            long bits = mix(hash);
            for (int probe = 0; probe < PROBES; probe++, bits >>>= PROBE_BITS) {
                words[block + (int) ((bits >>> 6) & 7)] |= 1L << bits;
            }
        }

        int words() {
            return words.length;
        }

        void writeTo(ByteBuffer out) {
            for (long word : words) {
                out.putLong(word);
            }
        }
    }
}
