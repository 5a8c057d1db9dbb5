package dev.parley.consistency.checker;

import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Everything that was done to one key, and what a backup may therefore show of it. */
final class BackupKey {

    /**
     * What is wrong.
     *
     * @param sentence goes on after the name of the archive
     * @param line the operation that shows it
     */
    record Fault(String kind, String sentence, int line) {}

    private final String name;
    private final List<Operation> puts = new ArrayList<>();
    private final List<Operation> deletes = new ArrayList<>();

    BackupKey(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void add(Operation operation) {
        (operation.f().equals("delete") ? deletes : puts).add(operation);
    }

    /**
     * Judges by time first, and then by revisions: what the backup shows must be what the key held at exactly that one.
     *
     * @param revision what the backup says it is of
     */
    Optional<Fault> judge(Operation backup, long revision, Optional<BackupContent.Item> shown) {
        return shown.map(item -> present(backup, revision, item)).orElseGet(() -> absent(backup, revision));
    }

    private Optional<Fault> present(Operation backup, long revision, BackupContent.Item item) {
        String holds = "holds " + item.value().text() + " for key " + name;
        Optional<Operation> written =
                puts.stream().filter(put -> put.input().equals(item.value())).findFirst();
        if (written.isEmpty() || written.get().failed()) {
            String who = written.isEmpty() ? "nobody ever wrote" : "was refused";
            int line = written.map(Operation::line).orElse(backup.line());
            return Optional.of(new Fault("unexpected", holds + ", which " + who, line));
        }
        Operation put = written.get();
        if (put.invoked() > backup.completed()) {
            return Optional.of(new Fault("later", holds + ", which was sent after the backup had ended", put.line()));
        }
        Optional<Operation> next = acknowledgedBefore(backup)
                .filter(other -> other != put && put.completed() < other.invoked())
                .findFirst();
        if (next.isPresent()) {
            return Optional.of(new Fault(
                    "missing",
                    holds + " and lacks the " + told(next.get()),
                    next.get().line()));
        }
        return torn(revision, put, item, holds);
    }

    private Optional<Fault> torn(long revision, Operation put, BackupContent.Item item, String holds) {
        long acknowledged = revision(put);
        if (acknowledged > 0 && item.revision() != acknowledged) {
            return Optional.of(new Fault(
                    "torn",
                    holds + " at revision " + item.revision() + ", which was acknowledged at " + acknowledged,
                    put.line()));
        }
        if (item.revision() > revision) {
            return Optional.of(new Fault(
                    "torn", holds + " of revision " + item.revision() + ", but says it is of " + revision, put.line()));
        }
        return newest(revision)
                .filter(newest -> revision(newest) > item.revision())
                .map(newest -> new Fault(
                        "torn",
                        holds + " of revision " + item.revision() + " and says it is of " + revision + ", without the "
                                + told(newest),
                        newest.line()));
    }

    private Optional<Fault> absent(Operation backup, long revision) {
        Optional<Operation> lost = acknowledgedBefore(backup)
                .filter(write -> puts.contains(write)
                        && possibleDeletes(backup).stream().noneMatch(delete -> delete.completed() > write.invoked()))
                .findFirst();
        if (lost.isPresent()) {
            return Optional.of(new Fault(
                    "missing", "lacks the " + told(lost.get()), lost.get().line()));
        }
        boolean anyTime = possibleDeletes(backup).stream().anyMatch(delete -> revision(delete) <= 0);
        return newest(revision)
                .filter(newest -> !anyTime && puts.contains(newest))
                .map(newest -> new Fault(
                        "torn",
                        "says it is of revision " + revision + " and lacks the " + told(newest),
                        newest.line()));
    }

    private Stream<Operation> acknowledgedBefore(Operation backup) {
        return all().filter(write -> write.ok() && write.completed() < backup.invoked());
    }

    /** Deletes that the backup may show the effect of. */
    private List<Operation> possibleDeletes(Operation backup) {
        return deletes.stream()
                .filter(delete -> !delete.failed() && delete.invoked() < backup.completed())
                .toList();
    }

    /** The last write that was acknowledged with a revision up to this one. */
    private Optional<Operation> newest(long revision) {
        return all().filter(write -> write.ok() && revision(write) > 0 && revision(write) <= revision)
                .max(Comparator.comparing(BackupKey::revision));
    }

    private Stream<Operation> all() {
        return Stream.concat(puts.stream(), deletes.stream());
    }

    /** Of the write; not above 0 when it is not known. */
    private static long revision(Operation write) {
        return write.ok() ? BackupContent.whole(write.result(), "revision") : -1;
    }

    private String told(Operation write) {
        String at = revision(write) > 0 ? ", acknowledged at revision " + revision(write) : "";
        return write.f()
                + (write.input() instanceof Json.Null
                        ? ""
                        : " of " + write.input().text()) + " (key " + name + at + ")";
    }
}
