package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Reads every byte of a checkpoint's files, while the store goes on, and compares whole files with the hashes of the
 * manifest. Any thread.
 */
public final class Scrub {
    private final Disk disk;
    private final LongConsumer read;
    private final List<Damage> damage = new ArrayList<>();

    private Scrub(Disk disk, LongConsumer read) {
        this.disk = disk;
        this.read = read;
    }

    /**
     * One thing that is wrong.
     *
     * @param file its name, without a directory
     * @param page of a table, where that is to blame
     * @param what in words
     */
    public record Damage(String file, Optional<Integer> page, String what) {}

    /**
     * @param checkpoint held until this returns
     * @param read told of the bytes of each file that was looked at
     * @return empty when all is as written
     */
    public static List<Damage> of(Checkpoint checkpoint, LongConsumer read) {
        Scrub scrub = new Scrub(checkpoint.disk(), read);
        scrub.lookAtManifest();
        for (TableInfo table : checkpoint.tables()) {
            scrub.look(table.file(), table.sizeBytes(), table.sha256(), true);
            if (table.hasValues()) {
                scrub.look(table.valuesFile(), table.valuesBytes(), table.valuesSha256(), false);
            }
        }
        return List.copyOf(scrub.damage);
    }

    /** The one that is there now, which may be a newer one. */
    private void lookAtManifest() {
        try (MappedFile file = disk.map(Manifest.FILE)) {
            Manifest.decode(file.copy(0, Math.toIntExact(file.sizeBytes())));
            read.accept(file.sizeBytes());
        } catch (StoreFailure | InternalError damaged) {
            add(Manifest.FILE, Optional.empty(), String.valueOf(damaged.getMessage()));
        }
    }

    private void look(String name, long sizeBytes, String sha256, boolean paged) {
        try (MappedFile file = disk.map(name)) {
            if (file.sizeBytes() != sizeBytes) {
                add(name, Optional.empty(), "is " + file.sizeBytes() + " bytes long, expected " + sizeBytes);
            } else if (!Digests.sha256Of(file).equals(sha256)) {
                List<Integer> pages = paged ? damagedPages(file) : List.of();
                pages.forEach(page -> add(name, Optional.of(page), "the page's checksum does not fit"));
                if (pages.isEmpty()) {
                    add(name, Optional.empty(), "does not have the hash that " + Manifest.FILE + " names");
                }
            }
            read.accept(file.sizeBytes());
        } catch (StoreFailure | InternalError unreadable) {
            add(name, Optional.empty(), "cannot be read: " + unreadable.getMessage());
        }
    }

    /** Empty when it is not a page that is to blame, but what stands behind them. */
    private static List<Integer> damagedPages(MappedFile file) {
        List<Integer> pages = new ArrayList<>();
        try {
            int[] crcs = TableFooter.of(file).pageCrcs(file);
            for (int page = 0; page < crcs.length; page++) {
                if (file.crc32c((long) page << PageVolume.PAGE_SHIFT, PageVolume.PAGE_BYTES) != crcs[page]) {
                    pages.add(page);
                }
            }
        } catch (StoreFailure footerDamaged) {
            return List.of();
        }
        return pages;
    }

    private void add(String file, Optional<Integer> page, String what) {
        damage.add(new Damage(file, page, what));
    }
}
