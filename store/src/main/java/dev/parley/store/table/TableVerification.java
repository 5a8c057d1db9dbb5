package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Whether a table directory that no node has open holds what was written: the manifest's checksum, and the SHA-256 of
 * every file it names. Reads everything, changes nothing. Any thread.
 */
public final class TableVerification {
    private final Disk disk;
    private final List<Damage> damage = new ArrayList<>();

    private TableVerification(Disk disk) {
        this.disk = disk;
    }

    /**
     * One thing that is wrong.
     *
     * @param file its name, without a directory
     * @param what in words; of a table, which pages
     */
    public record Damage(String file, String what) {}

    /** @param damage empty when all is as written */
    public record Report(Optional<Checkpoint.Description> tables, int files, long bytes, List<Damage> damage) {}

    /** @throws StoreFailure when it is no table directory, or a node has it open */
    public static Report of(Path directory) {
        if (!Files.isRegularFile(directory.resolve(Manifest.FILE))) {
            throw new StoreFailure("there is no " + Manifest.FILE + " in " + directory);
        }
        try (Disk disk = FileDisk.open(directory)) {
            return new TableVerification(disk).run();
        }
    }

    /** Of a directory that is not open as a store. */
    static Report of(Disk disk) {
        return new TableVerification(disk).run();
    }

    private Report run() {
        Manifest manifest;
        try (MappedFile file = disk.map(Manifest.FILE)) {
            manifest = Manifest.decode(file.copy(0, Math.toIntExact(file.sizeBytes())));
        } catch (StoreFailure damaged) {
            return new Report(
                    Optional.empty(), 1, 0, List.of(new Damage(Manifest.FILE, String.valueOf(damaged.getMessage()))));
        }
        int files = 1;
        long bytes = 0;
        Set<String> there = new TreeSet<>(disk.list());
        for (TableInfo table : manifest.tables()) {
            files++;
            bytes += table.totalBytes();
            look(there, table, table.file(), table.sizeBytes(), table.sha256());
            if (table.hasValues()) {
                files++;
                look(there, table, table.valuesFile(), table.valuesBytes(), table.valuesSha256());
            }
        }
        return new Report(Optional.of(Checkpoint.describe(manifest)), files, bytes, List.copyOf(damage));
    }

    private void look(Set<String> there, TableInfo table, String name, long sizeBytes, String sha256) {
        if (!there.contains(name)) {
            damage.add(new Damage(name, "is missing"));
            return;
        }
        try (MappedFile file = disk.map(name)) {
            if (file.sizeBytes() != sizeBytes) {
                damage.add(new Damage(name, "is " + file.sizeBytes() + " bytes long, expected " + sizeBytes));
            } else if (!Digests.sha256Of(file).equals(sha256)) {
                damage.add(new Damage(
                        name,
                        name.equals(table.file())
                                ? place(file)
                                : "does not have the hash that " + Manifest.FILE + " names"));
            }
        } catch (StoreFailure | InternalError unreadable) {
            damage.add(new Damage(name, "cannot be read: " + unreadable.getMessage()));
        }
    }

    /** Which part of a table file whose hash does not fit is to blame. */
    private static String place(MappedFile file) {
        try {
            TableFooter footer = TableFooter.of(file);
            int[] crcs = footer.pageCrcs(file);
            List<Integer> pages = new ArrayList<>();
            for (int page = 0; page < crcs.length; page++) {
                if (file.crc32c((long) page << PageVolume.PAGE_SHIFT, PageVolume.PAGE_BYTES) != crcs[page]) {
                    pages.add(page);
                }
            }
            return pages.isEmpty()
                    ? "does not have the hash that " + Manifest.FILE + " names"
                    : "pages " + pages + " are damaged";
        } catch (StoreFailure damaged) {
            return String.valueOf(damaged.getMessage());
        }
    }
}
