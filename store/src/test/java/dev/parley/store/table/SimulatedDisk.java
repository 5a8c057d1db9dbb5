package dev.parley.store.table;

import dev.parley.store.replica.StoreFailure;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A disk in memory that keeps of a crash no more than it must: of what was written since a sync any part, of what
 * happened to names since a sync of the directory any of it. Memory that is unmapped turns to rubbish.
 */
final class SimulatedDisk implements Disk {
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Inode {
        private byte[] content = {};
        private byte[] synced = {};
        private final List<Written> unsynced = new ArrayList<>();
    }

    private record Written(int offset, byte[] content) {}

    /** What happened to names: {@code from} is gone, {@code to} is the inode. Empty strings for neither. */
    private record Renamed(String from, String to, Inode inode) {}

    private final Map<String, Inode> files = new TreeMap<>();
    private final Map<String, Inode> durable = new TreeMap<>();
    private final List<Renamed> unsynced = new ArrayList<>();
    private long freeBytes = Long.MAX_VALUE;
    private int stepsUntilCrash = Integer.MAX_VALUE;

    void crashAfter(int steps) {
        stepsUntilCrash = steps;
    }

    private void step() {
        if (--stepsUntilCrash < 0) {
            stepsUntilCrash = 0;
            throw new Crash();
        }
    }

    /** What a machine finds that starts again. */
    SimulatedDisk afterCrash(SplittableRandom random) {
        Map<String, Inode> names = new TreeMap<>(durable);
        for (Renamed renamed : unsynced) {
            if (random.nextBoolean()) {
                apply(renamed, names);
            }
        }
        SimulatedDisk found = new SimulatedDisk();
        names.forEach((name, inode) -> {
            Inode survivor = new Inode();
            survivor.content = survivingContent(inode, random);
            survivor.synced = survivor.content;
            found.files.put(name, survivor);
            found.durable.put(name, survivor);
        });
        return found;
    }

    private static byte[] survivingContent(Inode inode, SplittableRandom random) {
        byte[] content = inode.synced;
        for (Written written : inode.unsynced) {
            if (random.nextBoolean()) {
                int kept = random.nextInt(written.content.length + 1);
                content = overwrite(content, written.offset, Arrays.copyOf(written.content, kept));
            }
        }
        return content;
    }

    private static byte[] overwrite(byte[] content, int offset, byte[] part) {
        byte[] changed = Arrays.copyOf(content, Math.max(content.length, offset + part.length));
        System.arraycopy(part, 0, changed, offset, part.length);
        return changed;
    }

    private static void apply(Renamed renamed, Map<String, Inode> names) {
        names.remove(renamed.from);
        if (!renamed.to.isEmpty()) {
            names.put(renamed.to, renamed.inode);
        }
    }

    private void rename(Renamed renamed) {
        apply(renamed, files);
        unsynced.add(renamed);
    }

    private Inode inode(String file) {
        Inode inode = files.get(file);
        if (inode == null) {
            throw new StoreFailure("there is no " + file);
        }
        return inode;
    }

    byte[] content(String file) {
        return inode(file).content.clone();
    }

    void damage(String file, byte[] content) {
        Inode inode = inode(file);
        inode.content = content;
        inode.synced = content;
    }

    @Override
    public Output create(String file) {
        step();
        Inode inode = new Inode();
        rename(new Renamed("", file, inode));
        return new Output() {
            @Override
            public void write(long offset, ByteBuffer content) {
                step();
                byte[] part = new byte[content.remaining()];
                content.get(part);
                inode.content = overwrite(inode.content, Math.toIntExact(offset), part);
                inode.unsynced.add(new Written(Math.toIntExact(offset), part));
            }

            @Override
            public void sync() {
                step();
                inode.synced = inode.content;
                inode.unsynced.clear();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void syncDirectory() {
        step();
        durable.clear();
        durable.putAll(files);
        unsynced.clear();
    }

    @Override
    public void rename(String from, String to) {
        step();
        rename(new Renamed(from, to, inode(from)));
    }

    @Override
    public void delete(String file) {
        step();
        rename(new Renamed(file, "", inode(file)));
    }

    @Override
    public List<String> list() {
        return List.copyOf(files.keySet());
    }

    @Override
    public int read(String file, long offset, ByteBuffer into) {
        byte[] content = inode(file).content;
        int length = Math.clamp(content.length - offset, 0, into.remaining());
        into.put(content, (int) offset, length);
        return length;
    }

    void free(long bytes) {
        freeBytes = bytes;
    }

    @Override
    public long freeBytes() {
        return freeBytes;
    }

    @Override
    public MappedFile map(String file) {
        byte[] content = inode(file).content.clone();
        List<ByteBuffer> slices = content.length == 0 ? List.of() : List.of(ByteBuffer.wrap(content));
        return new MappedFile(file, content.length, slices, slice -> Arrays.fill(slice.array(), (byte) 0xDB));
    }

    @Override
    public void close() {}
}
