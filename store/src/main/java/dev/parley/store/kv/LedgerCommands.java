package dev.parley.store.kv;

import dev.parley.store.kv.Command.AppendEntry;
import dev.parley.store.kv.Command.LoadEntries;
import dev.parley.store.kv.Ledgers.Head;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.lamport.LamportTime;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import java.util.ArrayList;
import java.util.List;

/** Entries are appended, and never changed. One append is one revision; so is one piece of a snapshot. */
final class LedgerCommands {
    private LedgerCommands() {}

    static Outcome append(BatchRun run, String author, AppendEntry append) {
        Head head = Head.in(run.map(), append.ledger());
        LamportTime clock = new LamportTime(head.stamp());
        LamportTime received = append.stamp().map(LamportTime::new).orElse(LamportTime.ZERO);
        long stampMax = Math.min(head.stamp() + LamportTime.LEAD_MAX, Limits.STAMP_MAX - 1);
        if (clock.merge(received).value() > stampMax) {
            return new Outcome.StampTooFar(received.value(), stampMax);
        }
        LedgerEntry entry = new LedgerEntry(
                head.frontier().count() + 1,
                clock.receive(received).value(),
                run.atMillis(),
                author,
                append.key(),
                append.metadata(),
                append.value());
        Hasher hasher = new Hasher();
        Head grown = head.append(run, append.ledger(), entry, hasher);
        grown.writeTo(run.map(), append.ledger());
        Key key = Ledgers.key(append.ledger(), entry.sequence());
        run.commit(author, List.of(new Change(Keyspace.LEDGER, key)));
        Hash hash = entry.hash(hasher);
        return new Outcome.EntryAppended(
                append.ledger(), entry.sequence(), entry.stamp(), Bytes.copyOf(hash.unsafeArray()), run.revision());
    }

    /** Loads the next entries of a snapshot that was verified, as they were: with their sequences, stamps and times. */
    static Outcome load(BatchRun run, String author, LoadEntries load) {
        Head head = Head.in(run.map(), load.ledger());
        long count = head.frontier().count();
        if (count != load.after()) {
            return new Outcome.LedgerMoved(load.ledger(), count);
        }
        Hasher hasher = new Hasher();
        List<Change> changes = new ArrayList<>(load.entries().size());
        for (LedgerEntry entry : load.entries()) {
            head = head.append(run, load.ledger(), entry, hasher);
            changes.add(new Change(Keyspace.LEDGER, Ledgers.key(load.ledger(), entry.sequence())));
        }
        if (!changes.isEmpty()) {
            head.writeTo(run.map(), load.ledger());
            run.commit(author, changes);
        }
        return new Outcome.EntriesLoaded(run.revision(), head.frontier().count());
    }
}
