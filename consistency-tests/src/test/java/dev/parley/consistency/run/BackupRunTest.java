package dev.parley.consistency.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.client.Contents;
import dev.parley.consistency.cluster.ClusterException;
import dev.parley.consistency.cluster.Endpoints;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.run.StubStore.Bug;
import dev.parley.consistency.workload.BackupWorkload;
import dev.parley.consistency.workload.Restorer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whole runs of the backup workload against a stub: the honest one must pass, each broken one must be convicted. */
class BackupRunTest {
    /** So many, however long that takes: backups are taken after 50, 100 and 200. */
    private static final int OPERATIONS = 300;

    private final Set<Path> looked = ConcurrentHashMap.newKeySet();

    private Run.Outcome run(Bug bug, Restorer restorer) throws InterruptedException {
        try (StubStore store = new StubStore(3, bug)) {
            Duration atMost = Duration.ofMinutes(1);
            Plan plan = new Plan("backup", List.of(), atMost, 6, 2_000, 11, atMost, OPERATIONS);
            return new Run(
                            new Endpoints(store.urls()),
                            plan,
                            prefix -> new BackupWorkload(prefix, (archive, keys) -> {
                                looked.add(archive);
                                return restorer.restore(archive, keys);
                            }),
                            none -> Optional.empty())
                    .execute();
        }
    }

    @Test
    void honestBackupsAreValidAndNothingOfThemStays() throws InterruptedException {
        Run.Outcome outcome = run(Bug.NONE, StubStore::restored);
        assertEquals(Answer.VALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertEquals(Json.of(3), outcome.verdict().facts().get("backups_restored"));
        assertEquals(3, looked.size());
        looked.forEach(archive -> assertFalse(Files.exists(archive.getParent()), archive.toString()));
    }

    @ParameterizedTest
    @CsvSource({
        "BACKUP_BEHIND, missing",
        "BACKUP_TORN, torn",
        "BACKUP_DAMAGED, damaged",
        "BACKUP_UNDELETED, missing|differs"
    })
    void brokenBackupsAreConvicted(Bug bug, String kind) throws InterruptedException {
        Run.Outcome outcome = run(bug, StubStore::restored);
        assertEquals(Answer.INVALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertTrue(
                outcome.verdict().findings().stream()
                        .anyMatch(finding -> finding.kind().matches(kind)),
                () -> outcome.verdict().findings().toString());
    }

    @Test
    void anAnswerThatBreaksOffIsNoBackupAndNoFinding() throws InterruptedException {
        Run.Outcome outcome = run(Bug.BACKUP_BREAKS_OFF, StubStore::restored);
        assertEquals(Answer.VALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        List<Event.Type> ends = outcome.history().events().stream()
                .filter(event -> event.f().equals("backup") && event.type() != Event.Type.INVOKE)
                .map(Event::type)
                .toList();
        assertEquals(List.of(Event.Type.FAIL, Event.Type.OK), ends.subList(0, 2));
    }

    @Test
    void anArchiveThatCouldNotBeBroughtToLifeIsTriedOnceMore() throws InterruptedException {
        AtomicBoolean failed = new AtomicBoolean();
        Run.Outcome outcome = run(Bug.NONE, (archive, keys) -> {
            if (failed.compareAndSet(false, true)) {
                throw new ClusterException("no room");
            }
            return StubStore.restored(archive, keys);
        });
        assertEquals(Answer.VALID, outcome.verdict().answer(), () -> outcome.verdict()
                .findings()
                .toString());
        assertEquals(Json.of(3), outcome.verdict().facts().get("backups_restored"));
    }

    @Test
    void aRestoredStoreThatGoesOnWithRevisionsOfTheOldOneIsConvicted() throws InterruptedException {
        Run.Outcome outcome = run(Bug.NONE, (archive, keys) -> {
            Contents contents = ((Restorer.Restored.Found) StubStore.restored(archive, keys)).contents();
            return new Restorer.Restored.Found(new Contents(contents.revision() - (1L << 32), contents.items()));
        });
        assertEquals(
                Set.of("revision-again"),
                Set.copyOf(outcome.verdict().findings().stream()
                        .map(finding -> finding.kind())
                        .toList()));
    }
}
