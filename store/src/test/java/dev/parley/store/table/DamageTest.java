package dev.parley.store.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.replica.StateView;
import dev.parley.store.replica.StoreFailure;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A damaged byte, anywhere, is either of no consequence or a {@link StoreFailure}; never a wrong answer. */
final class DamageTest {
    private static final Script SCRIPT = new Script(21, 40, 6000);
    private static final TableConfig CONFIG =
            TableConfig.DEFAULT.withFlushLogEntries(150).withMerging(3, 6);
    private static final int ENTRIES = 700;

    private final SimulatedDisk disk = new SimulatedDisk();
    private final ModelMap model = new ModelMap();
    private long revision;

    DamageTest() {
        try (TableStore store = open()) {
            for (long entry = 1; entry <= ENTRIES; entry++) {
                script(store, entry);
            }
            assertEquals(ENTRIES / 150 * 150, store.durable().applied().value());
            revision = store.durable().revision();
        }
    }

    private void script(TableStore store, long entry) {
        store.publish(SCRIPT.apply(store.map(), entry));
        store.maintain(0);
        store.maintain(0);
        if (entry <= ENTRIES / 150 * 150) {
            SCRIPT.apply(model, entry);
        }
    }

    private TableStore open() {
        return TableStore.open(disk, CONFIG, Runnable::run, () -> new UUID(1, 1));
    }

    /** @return whether the damage was found */
    private boolean readEverything(String what) {
        try (TableStore store = open();
                StateView view = store.view()) {
            Compare.everything(model, view, revision, SCRIPT, what);
            for (long at = 0; at < revision; at += 50) {
                Compare.someReads(model, view, at, SCRIPT, new SplittableRandom(at), what);
            }
            assertEquals(new UUID(1, 1), store.id(), what);
            return false;
        } catch (StoreFailure found) {
            return true;
        }
    }

    @Test
    void anUndamagedStoreReadsWithoutFailure() {
        assertTrue(disk.list().stream().anyMatch(file -> file.endsWith(".values")), "" + disk.list());
        assertEquals(false, readEverything("undamaged"));
    }

    @Test
    void noFlippedBitAnywhereGivesAWrongAnswer() {
        SplittableRandom random = new SplittableRandom(1);
        int found = 0;
        for (int flips = 0; flips < 300; flips++) {
            List<String> files = disk.list();
            String file = files.get(random.nextInt(files.size()));
            byte[] intact = disk.content(file);
            byte[] damaged = intact.clone();
            int at = offset(intact.length, random);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            disk.damage(file, damaged);
            if (readEverything(file + " at " + at)) {
                found++;
            }
            disk.damage(file, intact);
        }
        assertTrue(found > 150, "only " + found + " were found, as if nothing was read");
    }

    /** A third at the front, with the headers, and a third at the end, with the footers. */
    private static int offset(int length, SplittableRandom random) {
        int near = Math.min(length, 200);
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(near);
            case 1 -> length - 1 - random.nextInt(near);
            default -> random.nextInt(length);
        };
    }

    /** The first keys of pages are read at the open, before their pages are checked as a whole, and lead to them. */
    @Test
    void noFlippedBitInTheFirstKeyOfAPageHidesThatKey() {
        SimulatedDisk many = new SimulatedDisk();
        Script script = new Script(22, 3000, 300);
        try (TableStore store = TableStore.open(many, TableConfig.DEFAULT, Runnable::run, () -> new UUID(1, 1))) {
            for (long entry = 1; entry <= 1500; entry++) {
                store.publish(script.apply(store.map(), entry));
            }
            store.maintain(0);
            store.maintain(Long.MAX_VALUE);
        }
        byte[] intact = many.content("1.table");
        ByteBuffer bytes = ByteBuffer.wrap(intact);
        int page = pageOfRecords(bytes);
        int key = firstKeyAt(bytes, page);
        long revision = bytes.getLong(key + 1);
        assertTrue(isThere(many, revision));
        for (int at = page; at < key + 9; at = at == page + 11 ? page + bytes.getInt(page + 4) : at + 1) {
            byte[] damaged = intact.clone();
            damaged[at] ^= (byte) (1 << at % 8);
            many.damage("1.table", damaged);
            assertThrows(StoreFailure.class, () -> isThere(many, revision), "byte " + at);
        }
    }

    /** The first page but the first that begins with a revision's record. */
    private static int pageOfRecords(ByteBuffer table) {
        int page = PageVolume.PAGE_BYTES;
        while (table.get(firstKeyAt(table, page)) != EncodedKeys.REVISION) {
            page += PageVolume.PAGE_BYTES;
        }
        return page;
    }

    /** In a node behind the count of keys, one byte, and where each of the eight ends. */
    private static int firstKeyAt(ByteBuffer table, int page) {
        return page + table.getInt(page + 4) + 1 + 8 * Short.BYTES;
    }

    private static boolean isThere(SimulatedDisk disk, long revision) {
        try (TableStore store = TableStore.open(disk, TableConfig.DEFAULT, Runnable::run, () -> new UUID(1, 1))) {
            return store.map().revision(revision).isPresent();
        }
    }

    @Test
    void aFileThatIsCutShortOrGrewIsFound() {
        for (String file : disk.list()) {
            byte[] intact = disk.content(file);
            disk.damage(file, Arrays.copyOf(intact, intact.length - 1));
            assertTrue(readEverything(file + " cut"), file);
            disk.damage(file, Arrays.copyOf(intact, intact.length + 1));
            assertTrue(readEverything(file + " grown"), file);
            disk.damage(file, new byte[0]);
            assertTrue(readEverything(file + " emptied"), file);
            disk.damage(file, intact);
        }
    }

    @Test
    void aTableInThePlaceOfAnotherIsFound() {
        List<String> tables =
                disk.list().stream().filter(file -> file.endsWith(".table")).toList();
        disk.damage(tables.get(0), disk.content(tables.get(1)));
        assertTrue(readEverything("swapped"));
    }
}
