package dev.parley.store.table;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * One directory on disk, flat. Be pessimistic: what a file holds survives a crash only from {@link Output#sync} on,
 * and its name, its renaming and its deletion only from {@link #syncDirectory} on; without them any part of it may
 * have happened. Any thread. What fails throws {@link dev.parley.store.replica.StoreFailure}, naming the file.
 */
interface Disk extends AutoCloseable {
    /** Makes an empty file, or empties the one of that name. */
    Output create(String file);

    void syncDirectory();

    /** Replaces {@code to} when it exists. */
    void rename(String from, String to);

    void delete(String file);

    /** The names of all files, in order. */
    List<String> list();

    /**
     * Fills {@code into}, as far as the file reaches, with its content from {@code offset} on.
     *
     * @return the bytes read; 0 at the end of the file
     */
    int read(String file, long offset, ByteBuffer into);

    /** What can still be written, in bytes; a guess. */
    long freeBytes();

    /** The file as it is now; it must not change while mapped. */
    MappedFile map(String file);

    /** Nothing but what is mapped can be used any more; what is not done yet never will be. May be called twice. */
    @Override
    void close();

    /** A file being written. */
    interface Output extends AutoCloseable {
        void write(long offset, ByteBuffer content);

        /** Returns when everything written would survive a loss of power. */
        void sync();

        @Override
        void close();
    }
}
