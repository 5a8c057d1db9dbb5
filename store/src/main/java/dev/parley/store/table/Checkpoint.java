package dev.parley.store.table;

import dev.parley.store.replica.StateStore.Position;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A durable state of a {@link TableStore} as files that never change: a manifest, and the table and value files it names.
 * They stay until this is closed, whatever is written, flushed and merged meanwhile; a forgotten one costs disk space
 * until the next start. Any thread.
 *
 * <p>It outlives its store only in name: once that is closed, {@link #read} fails and the files are as safe as any.
 */
public final class Checkpoint implements AutoCloseable {
    private final Disk disk;
    private final Pins pins;
    private final Manifest manifest;
    private final List<File> files;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * A file that is there as a whole.
     *
     * @param name without a directory; the same name never stands for another content in one table directory
     * @param sha256 of all of it, 64 lower-case hexadecimal digits
     */
    public record File(String name, long sizeBytes, String sha256) {}

    /** What a manifest says: whose state the files hold, and of when. */
    public record Description(UUID store, Optional<UUID> log, Position position, List<File> files) {}

    /** @throws dev.parley.store.replica.StoreFailure when these bytes are not a manifest, or not all of one */
    public static Description describe(byte[] manifest) {
        return describe(Manifest.decode(manifest));
    }

    static Description describe(Manifest manifest) {
        return new Description(manifest.store(), manifest.log(), manifest.position(), filesOf(manifest));
    }

    /** Takes over a pin on the tables of {@code manifest}. */
    Checkpoint(Disk disk, Pins pins, Manifest manifest) {
        this.disk = disk;
        this.pins = pins;
        this.manifest = manifest;
        this.files = filesOf(manifest);
    }

    Disk disk() {
        return disk;
    }

    List<TableInfo> tables() {
        return manifest.tables();
    }

    static List<File> filesOf(Manifest manifest) {
        List<File> files = new ArrayList<>();
        for (TableInfo table : manifest.tables()) {
            files.add(new File(table.file(), table.sizeBytes(), table.sha256()));
            if (table.hasValues()) {
                files.add(new File(table.valuesFile(), table.valuesBytes(), table.valuesSha256()));
            }
        }
        return List.copyOf(files);
    }

    /** The table directory it is of. */
    public UUID store() {
        return manifest.store();
    }

    /** The log the state comes from; empty in a directory that never followed one. */
    public Optional<UUID> log() {
        return manifest.log();
    }

    /** The files hold exactly what the entries up to this one made. */
    public Position position() {
        return manifest.position();
    }

    /** What stands in the file {@code MANIFEST}; it ends with a checksum of itself. The caller's to keep. */
    public byte[] manifest() {
        return manifest.encode();
    }

    /** All but the manifest. */
    public List<File> files() {
        return files;
    }

    public long sizeBytes() {
        return files.stream().mapToLong(File::sizeBytes).sum();
    }

    /**
     * Fills {@code into}, as far as the file reaches, with its content from {@code offset} on. What comes is as the disk
     * gives it: compare the hash before use.
     *
     * @return the bytes read; 0 at the end of the file
     * @throws dev.parley.store.replica.StoreFailure when the file cannot be read, or the store is closed
     * @throws IllegalArgumentException when the file is not one of {@link #files}
     * @throws IllegalStateException when this is closed
     */
    public int read(File file, long offset, ByteBuffer into) {
        if (!files.contains(file)) {
            throw new IllegalArgumentException("not of this checkpoint: " + file.name());
        }
        if (closed.get()) {
            throw new IllegalStateException("the checkpoint is closed");
        }
        return disk.read(file.name(), offset, into);
    }

    /** Lets the files go. May be called twice. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            pins.unpin(manifest.tables());
        }
    }
}
