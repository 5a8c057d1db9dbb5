package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Scrub.Damage;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Every byte of every file counts: flip one, and a scrub names the file. And before any scrub no read ever gives a wrong
 * answer or hides a key.
 */
final class ScrubTest {
    private static final Script SCRIPT = new Script(31, 40, 6000);
    private static final TableConfig CONFIG =
            TableConfig.DEFAULT.withFlushLogEntries(150).withMerging(3, 6);
    private static final int ENTRIES = 600;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final ModelMap model = new ModelMap();
    private final long revision;

    ScrubTest() {
        try (TableStore store = open()) {
            for (long entry = 1; entry <= ENTRIES; entry++) {
                store.publish(SCRIPT.apply(store.map(), entry));
                store.maintain(0);
                store.maintain(0);
                SCRIPT.apply(model, entry);
            }
            assertEquals(ENTRIES, store.durable().applied().value());
            revision = store.durable().revision();
        }
    }

    private TableStore open() {
        return TableStore.open(disk, CONFIG, Runnable::run, () -> new UUID(1, 1));
    }

    private void flip(String file, int at, int bit) {
        byte[] content = disk.content(file);
        content[at] ^= (byte) (1 << bit);
        disk.damage(file, content);
    }

    private static List<Damage> scrub(TableStore store) {
        try (Checkpoint checkpoint = store.checkpoint()) {
            return Scrub.of(checkpoint, bytes -> {});
        }
    }

    @Test
    void aSoundStoreHasNoDamageAndEveryByteOfItIsRead() {
        long[] read = {0};
        try (TableStore store = open();
                Checkpoint checkpoint = store.checkpoint()) {
            assertEquals(List.of(), Scrub.of(checkpoint, bytes -> read[0] += bytes));
        }
        long all = disk.list().stream()
                .mapToLong(file -> disk.content(file).length)
                .sum();
        assertEquals(all, read[0]);
        assertTrue(disk.list().stream().anyMatch(file -> file.endsWith(".values")), "" + disk.list());
    }

    @Test
    void aFlippedBitOfARunningStoreIsNamedWithItsPage() {
        try (TableStore store = open()) {
            String table = disk.list().stream()
                    .filter(file -> file.endsWith(".table"))
                    .findFirst()
                    .orElseThrow();
            flip(table, 1_000, 3);
            assertEquals(
                    List.of(new Damage(table, java.util.Optional.of(0), "the page's checksum does not fit")),
                    scrub(store));
        }
    }

    @Test
    void aFlippedBitAnywhereIsFoundAndItsFileNamed() {
        flips(25, 1);
    }

    /** "500 flips of single bytes against the table layer". */
    @Test
    @Tag("simulation")
    void fiveHundredFlippedBitsAreFoundAndNoneGivesAWrongAnswer() {
        flips(500, 2);
    }

    private void flips(int count, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int flips = 0; flips < count; flips++) {
            List<String> files = disk.list();
            String file = files.get(random.nextInt(files.size()));
            byte[] intact = disk.content(file).clone();
            int at = random.nextInt(intact.length);
            flip(file, at, random.nextInt(8));
            assertFound(file, file + " at " + at);
            disk.damage(file, intact);
        }
    }

    /** At the open, which then names it, or by the scrub; what is read in between is right or refused. */
    private void assertFound(String file, String what) {
        try (TableStore store = open()) {
            try (StateView view = store.view()) {
                Compare.everything(model, view, revision, SCRIPT, what);
            } catch (StoreFailure refused) {
                assertTrue(String.valueOf(refused.getMessage()).contains(file), what + ": " + refused.getMessage());
            }
            List<Damage> found = scrub(store);
            assertTrue(found.stream().anyMatch(damage -> damage.file().equals(file)), what + " is not in " + found);
        } catch (StoreFailure atOpen) {
            assertTrue(String.valueOf(atOpen.getMessage()).contains(file), what + ": " + atOpen.getMessage());
        }
    }
}
