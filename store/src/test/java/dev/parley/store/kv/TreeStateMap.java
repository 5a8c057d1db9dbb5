package dev.parley.store.kv;

import dev.parley.store.kv.RevisionRecord.Change;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The map in memory, and strict: a version of another revision than the next, a key written twice in one revision, a
 * record that does not name exactly what was written, or a write during a scan throws. One thread.
 */
public final class TreeStateMap implements StateMap {
    private static final int CELL_NAME_BYTES_MAX = 1_100;

    private final Map<Keyspace, NavigableMap<Key, NavigableMap<Long, Version>>> keyspaces =
            new EnumMap<>(Keyspace.class);
    private final NavigableMap<Long, RevisionRecord> records = new TreeMap<>();
    private final NavigableMap<Bytes, Bytes> cells = new TreeMap<>();
    private final Set<Change> unrecorded = new LinkedHashSet<>();
    private long newest;

    public TreeStateMap() {
        for (Keyspace keyspace : Keyspace.values()) {
            keyspaces.put(keyspace, new TreeMap<>());
        }
    }

    /** Another map with the same content, which changes by itself. */
    public TreeStateMap copy() {
        TreeStateMap copy = new TreeStateMap();
        keyspaces.forEach((keyspace, keys) ->
                keys.forEach((key, versions) -> copy.keyspaces.get(keyspace).put(key, new TreeMap<>(versions))));
        copy.records.putAll(records);
        copy.cells.putAll(cells);
        copy.unrecorded.addAll(unrecorded);
        copy.newest = newest;
        return copy;
    }

    /** As {@link #copy}, but what a compaction to {@code revision} drops is gone. */
    TreeStateMap withoutRecordsBelow(long revision) {
        TreeStateMap copy = copy();
        copy.records.headMap(revision).clear();
        copy.keyspaces.values().forEach(keys -> keys.values().forEach(versions -> {
            Map.Entry<Long, Version> newestBelow = versions.floorEntry(revision);
            if (newestBelow != null) {
                versions.headMap(newestBelow.getKey(), newestBelow.getValue() instanceof Version.Tombstone)
                        .clear();
            }
        }));
        return copy;
    }

    /** Puts a version where another one was. */
    void corrupt(Keyspace keyspace, Key key, Version version) {
        keyspaces.get(keyspace).get(key).put(version.modRevision(), version);
    }

    /** Everything in it, as text: equal for equal maps, and readable in a failed test. */
    public String dump() {
        StringBuilder text = new StringBuilder("newest " + newest + '\n');
        keyspaces.forEach((keyspace, keys) -> keys.forEach((key, versions) -> text.append(keyspace)
                .append(' ')
                .append(key)
                .append(' ')
                .append(versions)
                .append('\n')));
        records.values().forEach(record -> text.append(record).append('\n'));
        cells.forEach((name, content) -> text.append("cell ")
                .append(readable(name))
                .append(" = ")
                .append(readable(content))
                .append('\n'));
        return text.toString();
    }

    /** Names of all cells, as text. */
    public List<String> cellNames() {
        return cells.keySet().stream().map(TreeStateMap::readable).toList();
    }

    /** Newest revision recorded. */
    public long newest() {
        return newest;
    }

    private static String readable(Bytes bytes) {
        StringBuilder text = new StringBuilder();
        for (byte unit : bytes.unsafeArray()) {
            text.append(unit >= ' ' && unit < 127 ? String.valueOf((char) unit) : String.format("\\%02x", unit));
        }
        return text.toString();
    }

    @Override
    public Optional<Version> at(Keyspace keyspace, Key key, long revision) {
        return Optional.ofNullable(keyspaces.get(keyspace).get(key))
                .map(versions -> versions.floorEntry(revision))
                .map(Map.Entry::getValue);
    }

    @Override
    public void scan(Keyspace keyspace, KeyRange range, long revision, boolean reverse, Visitor visitor) {
        NavigableMap<Key, NavigableMap<Long, Version>> keys = keyspaces.get(keyspace);
        for (Key key : reverse ? keys.descendingKeySet() : keys.keySet()) {
            Map.Entry<Long, Version> newestSeen = keys.get(key).floorEntry(revision);
            boolean goOn = !range.contains(key)
                    || newestSeen == null
                    || !(newestSeen.getValue() instanceof Version.Live live)
                    || visitor.visit(key, live);
            if (!goOn) {
                return;
            }
        }
    }

    @Override
    public Optional<RevisionRecord> revision(long revision) {
        return Optional.ofNullable(records.get(revision));
    }

    @Override
    public Optional<Bytes> cell(Bytes name) {
        return Optional.ofNullable(cells.get(name));
    }

    @Override
    public void cells(Bytes prefix, CellVisitor visitor) {
        for (Map.Entry<Bytes, Bytes> cell : cells.tailMap(prefix).entrySet()) {
            if (!cell.getKey().startsWith(prefix) || !visitor.visit(cell.getKey(), cell.getValue())) {
                return;
            }
        }
    }

    /** Dense, but for what a restore leaves out. */
    private boolean isNext(long revision) {
        return revision == newest + 1 || revision == newest + RevisionGap.SIZE;
    }

    @Override
    public void put(Keyspace keyspace, Key key, Version version) {
        require(isNext(version.modRevision()), "revision " + version.modRevision() + " after " + newest);
        Change change = new Change(keyspace, key);
        require(!unrecorded.contains(change), key + " written twice in revision " + version.modRevision());
        unrecorded.add(change);
        keyspaces.get(keyspace).computeIfAbsent(key, absent -> new TreeMap<>()).put(version.modRevision(), version);
    }

    @Override
    public void record(RevisionRecord record) {
        require(isNext(record.revision()), "record of " + record.revision() + " after " + newest);
        require(
                record.changes().size() == unrecorded.size() && new HashSet<>(record.changes()).equals(unrecorded),
                "recorded " + record.changes() + " but wrote " + unrecorded);
        records.put(record.revision(), record);
        newest = record.revision();
        unrecorded.clear();
    }

    @Override
    public void putCell(Bytes name, Bytes content) {
        require(name.size() > 0 && name.size() <= CELL_NAME_BYTES_MAX, "a cell's name of " + name.size() + " bytes");
        cells.put(name, content);
    }

    @Override
    public void removeCell(Bytes name) {
        cells.remove(name);
    }

    private static void require(boolean condition, String otherwise) {
        if (!condition) {
            throw new IllegalStateException(otherwise);
        }
    }
}
