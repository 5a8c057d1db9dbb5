package dev.parley.store.table;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.RevisionRecord;
import dev.parley.store.kv.Version;
import java.util.Iterator;
import java.util.Optional;

/**
 * Everything that was written during one stretch of the log: a memtable or a table. Newer layers hold newer revisions
 * only, so the first layer that knows a key, from the newest on, knows its newest version.
 */
interface Layer {
    /** The newest version at or below the probe's revision that this layer holds of the probe's key. */
    Optional<Version> version(Probe probe);

    Optional<RevisionRecord> record(long revision);

    /** What this layer says of a cell; empty when it says nothing. */
    Optional<CellState> cell(Probe probe);

    /** Versions from {@code from} (inclusive) to {@code to} (exclusive), both encoded, or the other way round. */
    Iterator<VersionEntry> versions(byte[] from, byte[] to, boolean reverse);

    /** Cells from {@code from} (inclusive) to {@code to} (exclusive), both encoded. */
    Iterator<CellEntry> cells(byte[] from, byte[] to);

    /** An encoded key to look for, and the hash of its subject. */
    record Probe(byte[] key, long hash) {
        static Probe of(byte[] key) {
            return new Probe(key, BloomFilter.hash(key, EncodedKeys.subjectLength(key)));
        }
    }

    interface VersionEntry {
        byte[] key();

        /** Read and decoded when asked for. */
        Version version();
    }

    interface CellEntry {
        byte[] key();

        CellState state();
    }

    sealed interface CellState {
        record Present(Bytes content) implements CellState {}

        /** Hides what older layers say, until a merge with the oldest. */
        record Removed() implements CellState {}
    }
}
