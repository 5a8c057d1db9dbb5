package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.RevisionCodec;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import dev.parley.store.kv.VersionCodec;
import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StoreFailure;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;
import org.mapdb.SortedTableMap;

/**
 * An immutable table on disk, mapped. Any thread that holds it may read. When the last holder lets go, it is unmapped.
 */
final class Table implements Layer {
    private final TableInfo info;
    private final MappedFile file;
    private final Optional<MappedFile> values;
    private final SortedTableMap<byte[], Object> entries;
    private final BloomFilter filter;
    private final AtomicInteger holders = new AtomicInteger(1);
    private final AtomicReference<Optional<Consumer<TableInfo>>> whenUnused = new AtomicReference<>(Optional.empty());

    private Table(
            TableInfo info,
            MappedFile file,
            Optional<MappedFile> values,
            SortedTableMap<byte[], Object> entries,
            BloomFilter filter) {
        this.info = info;
        this.file = file;
        this.values = values;
        this.entries = entries;
        this.filter = filter;
    }

    /** Held once, by the caller. @throws StoreFailure when it is not the table that {@code info} describes */
    static Table open(Disk disk, TableInfo info) {
        MappedFile file = disk.map(info.file());
        try {
            return open(disk, info, file);
        } catch (StoreFailure damaged) {
            file.close();
            throw damaged;
        } catch (RuntimeException | InternalError damaged) {
            file.close();
            throw new StoreFailure(info.file() + " is damaged", damaged);
        }
    }

    private static Table open(Disk disk, TableInfo info, MappedFile file) {
        expect(info.file(), "size", info.sizeBytes(), file.sizeBytes());
        TableFooter footer = TableFooter.of(file);
        expect(info.file(), "count of entries", info.entries(), footer.entries());
        expect(info.file(), "size of values", info.valuesBytes(), footer.valuesBytes());
        CheckedVolume volume = new CheckedVolume(file, footer.pageCrcs(file));
        KeySerializer keys = new KeySerializer();
        SortedTableMap<byte[], Object> entries = SortedTableMap.open(volume, keys, new NodeSerializer.Values());
        volume.opened();
        expect(info.file(), "checksum of first keys", footer.firstKeysCrc(), keys.crcOfFirstKeys());
        BloomFilter filter = new BloomFilter(file, footer.filterOffset(), footer.filterWords());
        return new Table(info, file, mapValues(disk, info), entries, filter);
    }

    private static Optional<MappedFile> mapValues(Disk disk, TableInfo info) {
        if (!info.hasValues()) {
            return Optional.empty();
        }
        MappedFile values = disk.map(info.valuesFile());
        if (values.sizeBytes() != info.valuesBytes()) {
            values.close();
            expect(info.valuesFile(), "size", info.valuesBytes(), values.sizeBytes());
        }
        return Optional.of(values);
    }

    private static void expect(String file, String what, long expected, long found) {
        if (expected != found) {
            throw new StoreFailure(file + ": " + what + " is " + found + ", expected " + expected);
        }
    }

    TableInfo info() {
        return info;
    }

    void retain() {
        if (holders.getAndIncrement() <= 0) {
            throw new IllegalStateException(info.file() + " is closed");
        }
    }

    void release() {
        if (holders.decrementAndGet() == 0) {
            file.close();
            values.ifPresent(MappedFile::close);
            whenUnused.get().ifPresent(then -> then.accept(info));
        }
    }

    /** No manifest names it any more: when the last holder lets go, {@code then} is told. The caller holds it. */
    void replaced(Consumer<TableInfo> then) {
        whenUnused.set(Optional.of(then));
    }

    @Override
    public Optional<Version> version(Probe probe) {
        if (info.revisionMin() > EncodedKeys.revisionOf(probe.key()) || !filter.mayHold(probe.hash())) {
            return Optional.empty();
        }
        return read(() -> {
            Map.Entry<byte[], Object> found = entries.ceilingEntry(probe.key());
            return found != null
                            && found.getKey()[0] == EncodedKeys.VERSION
                            && EncodedKeys.sameKey(found.getKey(), probe.key())
                    ? Optional.of(decodeVersion(found.getKey(), (Slice) found.getValue()))
                    : Optional.empty();
        });
    }

    @Override
    public Optional<RevisionRecord> record(long revision) {
        if (revision < info.revisionMin() || revision > info.revisionMax()) {
            return Optional.empty();
        }
        return read(() -> Optional.ofNullable(entries.get(EncodedKeys.revision(revision)))
                .map(stored -> RevisionCodec.decode(revision, Bytes.wrap(content((Slice) stored)))));
    }

    @Override
    public Optional<CellState> cell(Probe probe) {
        return filter.mayHold(probe.hash())
                ? read(() -> Optional.ofNullable(entries.get(probe.key())).map(stored -> decodeCell((Slice) stored)))
                : Optional.empty();
    }

    @Override
    public Iterator<VersionEntry> versions(byte[] from, byte[] to, boolean reverse) {
        Iterator<Map.Entry<byte[], Object>> iterator =
                read(() -> reverse ? new Descending(from, to) : entries.entryIterator(from, true, to, false));
        return new Stored<>(iterator) {
            @Override
            VersionEntry entry(byte[] key, Slice stored) {
                return new StoredVersion(key, stored);
            }
        };
    }

    @Override
    public Iterator<CellEntry> cells(byte[] from, byte[] to) {
        return new Stored<>(read(() -> entries.entryIterator(from, true, to, false))) {
            @Override
            CellEntry entry(byte[] key, Slice stored) {
                return new StoredCell(key, stored);
            }
        };
    }

    /** Everything, in order, for a merge. */
    Iterator<Map.Entry<byte[], Slice>> all() {
        return new Stored<>(read(entries::entryIterator)) {
            @Override
            Map.Entry<byte[], Slice> entry(byte[] key, Slice stored) {
                return Map.entry(key, stored);
            }
        };
    }

    /** Whether this table may hold a subject. */
    boolean mayHold(long hash) {
        return filter.mayHold(hash);
    }

    /** What was stored, from wherever it lies, verified. @throws DamagedTables when it is not what was written */
    byte[] content(Slice stored) {
        return read(() -> stored.kind() == Slice.SPILLED ? spilledContent(stored) : stored.inlineContent());
    }

    private byte[] spilledContent(Slice stored) {
        byte[] content = values.orElseThrow(() -> new StoreFailure(info.file() + " has no value file"))
                .copy(stored.spilledOffset(), stored.spilledLength());
        CRC32C crc = new CRC32C();
        crc.update(content);
        if ((int) crc.getValue() != stored.spilledCrc()) {
            throw new StoreFailure(info.valuesFile() + ": the value at " + stored.spilledOffset() + " is damaged");
        }
        return content;
    }

    private Version decodeVersion(byte[] key, Slice stored) {
        return VersionCodec.decode(EncodedKeys.revisionOf(key), Bytes.wrap(content(stored)));
    }

    private CellState decodeCell(Slice stored) {
        return stored.kind() == Slice.REMOVED
                ? new CellState.Removed()
                : new CellState.Present(Bytes.wrap(content(stored)));
    }

    /** Pages are verified before they are looked at, so what fails here is damage that hit memory, or a bug. */
    private <T> T read(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (DamagedTables known) {
            throw known;
        } catch (StoreFailure failure) {
            throw new DamagedTables(failure.getMessage(), failure);
        } catch (RuntimeException | InternalError failure) {
            throw new DamagedTables(info.file() + " cannot be read", failure);
        }
    }

    private abstract class Stored<T> implements Iterator<T> {
        private final Iterator<Map.Entry<byte[], Object>> iterator;

        Stored(Iterator<Map.Entry<byte[], Object>> iterator) {
            this.iterator = iterator;
        }

        abstract T entry(byte[] key, Slice stored);

        @Override
        public boolean hasNext() {
            return iterator.hasNext();
        }

        @Override
        public T next() {
            return read(() -> {
                Map.Entry<byte[], Object> next = iterator.next();
                return entry(next.getKey(), (Slice) next.getValue());
            });
        }
    }

    /** Backwards, by one search for each entry: MapDB's own descending iterator visits a bounded range's end twice. */
    private final class Descending implements Iterator<Map.Entry<byte[], Object>> {
        private final byte[] from;
        private Map.@Nullable Entry<byte[], Object> next;

        Descending(byte[] from, byte[] to) {
            this.from = from;
            this.next = below(to);
        }

        private Map.@Nullable Entry<byte[], Object> below(byte[] bound) {
            Map.Entry<byte[], Object> lower = entries.lowerEntry(bound);
            return lower != null && Arrays.compareUnsigned(lower.getKey(), from) >= 0 ? lower : null;
        }

        @Override
        public boolean hasNext() {
            return next != null;
        }

        @Override
        public Map.Entry<byte[], Object> next() {
            Map.Entry<byte[], Object> current = next;
            if (current == null) {
                throw new NoSuchElementException();
            }
            next = below(current.getKey());
            return current;
        }
    }

    private final class StoredVersion implements VersionEntry {
        private final byte[] key;
        private final Slice stored;

        StoredVersion(byte[] key, Slice stored) {
            this.key = key;
            this.stored = stored;
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public Version version() {
            return read(() -> decodeVersion(key, stored));
        }
    }

    private final class StoredCell implements CellEntry {
        private final byte[] key;
        private final Slice stored;

        StoredCell(byte[] key, Slice stored) {
            this.key = key;
            this.stored = stored;
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public CellState state() {
            return read(() -> decodeCell(stored));
        }
    }
}
