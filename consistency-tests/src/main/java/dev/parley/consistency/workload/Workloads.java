package dev.parley.consistency.workload;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** The workloads by name. */
public final class Workloads {

    /**
     * One entry.
     *
     * @param summary one line for a person
     * @param make a workload for one run, given a prefix for its keys that no other run uses
     */
    public record Entry(String summary, Function<String, Workload> make) {}

    private static final Path JAR = Path.of("http/target/parley.jar");
    private static final Map<String, Entry> ENTRIES = Collections.unmodifiableMap(entries());

    private Workloads() {}

    private static Map<String, Entry> entries() {
        Map<String, Entry> entries = new LinkedHashMap<>();
        entries.put("register", new Entry("read, write, cas on many keys; linearizable", RegisterWorkload::new));
        entries.put(
                "versioned-register",
                new Entry("the same with versions and revisions", VersionedRegisterWorkload::new));
        entries.put("set", new Entry("unique elements, read by lists; nothing lost, nothing stale", SetWorkload::new));
        entries.put(
                "list-append",
                new Entry("transactions over several lists; strictly serializable", ListAppendWorkload::new));
        entries.put("bank", new Entry("transfers between accounts; the total never changes", BankWorkload::new));
        entries.put(
                "counter",
                new Entry("additions, half of them sent again in doubt; exactly once", CounterWorkload::new));
        entries.put("unique-ids", new Entry("revisions of writes; no two the same", UniqueIdsWorkload::new));
        entries.put(
                "convergence",
                new Entry("writes of every kind; all nodes end with the same content", ConvergenceWorkload::new));
        entries.put(
                "lock",
                new Entry("writes under a lock's fence, some too late; none after the next", LockWorkload::new));
        entries.put(
                "lock-set",
                new Entry("a set changed under a lock, by some too late; nothing lost", LockSetWorkload::new));
        entries.put(
                "election",
                new Entry("leaders write under their fence; one at a time, seen in order", ElectionWorkload::new));
        entries.put("lease", new Entry("keys under a lease; none dies early, none outlives it", LeaseWorkload::new));
        entries.put(
                "ledger",
                new Entry("append-only entries; no gap, none changed or missing, all proven", LedgerWorkload::new));
        entries.put(
                "watch",
                new Entry("watchers that switch nodes; every event once, in order, whole", WatchWorkload::new));
        entries.put(
                "chat",
                new Entry("messages to rooms; all nodes end with all of them, in one order", ChatWorkload::new));
        entries.put(
                "backup",
                new Entry(
                        "backups under writes; each restores to what was there at one revision",
                        prefix -> BackupWorkload.restoring(prefix, JAR)));
        return entries;
    }

    public static Map<String, Entry> all() {
        return ENTRIES;
    }

    /**
     * The workload of that name, which must be one of {@link #all}.
     *
     * @param jar the release, for workloads that need it on this machine
     */
    public static Function<String, Workload> made(String name, Path jar) {
        return name.equals("backup")
                ? prefix -> BackupWorkload.restoring(prefix, jar)
                : ENTRIES.get(name).make();
    }
}
