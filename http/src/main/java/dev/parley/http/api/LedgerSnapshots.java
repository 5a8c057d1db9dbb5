package dev.parley.http.api;

import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Command;
import dev.parley.store.kv.LedgerEntry;
import dev.parley.store.kv.LedgerSnapshot;
import dev.parley.store.kv.Ledgers;
import dev.parley.store.kv.Limits;
import dev.parley.store.kv.Malformed;
import dev.parley.store.kv.Outcome;
import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.replica.Replica;
import dev.parley.store.replica.Replica.Result;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;

/** A ledger as one archive, and back. */
final class LedgerSnapshots {
    /** An archive is verified as a whole before any of it is loaded, in memory. */
    static final int SNAPSHOT_BYTES_MAX = 64 << 20;

    /** Of one command of a load. */
    private static final int PIECE_BYTES = 96 << 10;

    private final Replica replica;

    LedgerSnapshots(Replica replica) {
        this.replica = replica;
    }

    Answer get(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        OpenRead read =
                ReadLevel.of(request.params(LedgerResource.READ_PARAMETERS)).open(replica);
        boolean handedOver = false;
        try {
            long count = LedgerResource.count(read, ledger);
            if (count == 0) {
                throw read.mark(Problem.of(ProblemType.NO_SUCH_LEDGER, "There is no ledger " + ledger + "."));
            }
            Hash root = LedgerResource.root(read, ledger, count);
            Answer answer =
                    read.mark(Answer.of(200)).header("Parley-Count", count).header("Parley-Root", root.hex()).stream(
                            "application/octet-stream", new Archive(read, ledger, count, root));
            handedOver = true;
            return answer;
        } finally {
            if (!handedOver) {
                read.close();
            }
        }
    }

    /** Holds the state until it is written or given up. */
    private record Archive(OpenRead read, String ledger, long count, Hash root) implements Answer.Stream {
        @Override
        public void writeTo(OutputStream out) throws IOException {
            LedgerSnapshot.Encoder encoder = new LedgerSnapshot.Encoder();
            try {
                write(out, encoder.head(count, root));
                Ledgers.visit(read.view(), ledger, 0, read.revision(), kept -> {
                    write(out, encoder.entry(kept.entry()));
                    return true;
                });
                write(out, encoder.end());
            } catch (UncheckedIOException closed) {
                throw closed.getCause();
            }
        }

        private static void write(OutputStream out, Bytes bytes) {
            try {
                out.write(bytes.unsafeArray());
            } catch (IOException closed) {
                throw new UncheckedIOException(closed);
            }
        }

        @Override
        public void close() {
            read.close();
        }
    }

    Answer put(Request request, String rest) {
        String ledger = Names.ofPath(rest);
        Params params = request.params(List.of("fail_if_exists", "timeout"));
        boolean failIfExists = params.flag("fail_if_exists");
        Duration timeout = params.timeout();
        Companions companions = Companions.of(request);
        Bytes archive = request.body(SNAPSHOT_BYTES_MAX);
        List<LedgerEntry> entries = verified(archive);
        long there = continued(ledger, entries, failIfExists, timeout);
        long restored = 0;
        long last = Math.max(there, entries.size());
        for (int at = (int) Math.min(there, entries.size()); at < entries.size(); ) {
            int end = pieceEnd(entries, at);
            Command command = new Command.LoadEntries(ledger, at, entries.subList(at, end));
            load(replica.submit(companions.part(command, request, archive, at), timeout), command, restored);
            restored += end - at;
            at = end;
        }
        JsonWriter json = new JsonWriter(96);
        json.object().name("restored").number(restored);
        json.name("last_sequence").number(last).end();
        return Answer.json(200, json);
    }

    private static List<LedgerEntry> verified(Bytes archive) {
        try {
            List<LedgerEntry> entries = LedgerSnapshot.decode(archive);
            entries.forEach(LedgerSnapshots::requireMetadata);
            return entries;
        } catch (Malformed damaged) {
            throw Problem.of(ProblemType.SNAPSHOT_DAMAGED, damaged.getMessage() + "; nothing was loaded.")
                    .with(json -> {
                        json.name("errors").array().object();
                        json.name("field").text("").name("rule").text(String.valueOf(damaged.getMessage()));
                        json.end().endArray();
                    });
        }
    }

    private static void requireMetadata(LedgerEntry entry) {
        try {
            if (!entry.metadata().isEmpty()) {
                JsonObject.parse(Bytes.utf8(entry.metadata()));
            }
        } catch (Problem noJson) {
            throw new Malformed("the metadata of entry " + entry.sequence() + " is no JSON object");
        }
    }

    /** How many entries are there already: the first ones of the snapshot, or the other way round. */
    private long continued(String ledger, List<LedgerEntry> entries, boolean failIfExists, Duration timeout) {
        ReadLevel newest = new ReadLevel(false, 0, java.util.Optional.empty(), timeout);
        try (OpenRead read = newest.open(replica)) {
            long count = LedgerResource.count(read, ledger);
            int common = (int) Math.min(count, entries.size());
            if (count > 0
                    && (failIfExists
                            || !rootOf(entries.subList(0, common)).equals(LedgerResource.root(read, ledger, common)))) {
                throw read.mark(taken(ledger));
            }
            return count;
        }
    }

    private static Problem taken(String ledger) {
        return Problem.of(
                ProblemType.NAME_TAKEN, "There is a ledger " + ledger + " with other entries, or any at all.");
    }

    private static Hash rootOf(List<LedgerEntry> entries) {
        Hasher hasher = new Hasher();
        Frontier frontier = Frontier.EMPTY;
        for (LedgerEntry entry : entries) {
            frontier = frontier.append(hasher, entry.hash(hasher)).frontier();
        }
        return frontier.root(hasher);
    }

    private static int pieceEnd(List<LedgerEntry> entries, int from) {
        long bytes = 0;
        int end = from;
        while (end < entries.size() && end - from < Limits.KEYS_PER_COMMAND_MAX) {
            bytes += entries.get(end).value().size() + 1_024L;
            if (end > from && bytes > PIECE_BYTES) {
                return end;
            }
            end++;
        }
        return end;
    }

    private static void load(Result result, Command command, long before) {
        try {
            Outcomes.answer(result, Outcomes.Asked.of(command));
        } catch (Problem problem) {
            throw before == 0
                    ? problem
                    : Problem.of(
                                    ProblemType.UNKNOWN_OUTCOME,
                                    "The load stopped after " + before + " entries; send it again, and it goes on: "
                                            + problem.detail())
                            .with("restored", before);
        }
    }

    static Answer loaded(Outcome.EntriesLoaded loaded) {
        return Answer.of(204).revision(loaded.revision());
    }
}
