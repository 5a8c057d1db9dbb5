package dev.parley.consistency.checker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.consistency.checker.RandomHistories.Recorder;
import dev.parley.consistency.history.Event.Type;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.json.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Each history has one backup, of which one thing is wrong, or nothing. */
class BackupsTest {
    private static final Limits LIMITS = new Limits(Duration.ofSeconds(20), 64 << 20, 2);
    private static final int BACKUP = 1;
    private static final int OTHER = 2;
    private static final long GAP = 1L << 32;

    private final Recorder recorder = new Recorder();
    private final Map<String, Json> items = new LinkedHashMap<>();

    private void begun(int process, String f, String key, long value) {
        recorder.add(process, Type.INVOKE, f, key, value == 0 ? Json.NULL : Json.of(value));
    }

    private void ended(int process, Type type, String f, String key, long value, long revision) {
        recorder.add(
                process,
                type,
                f,
                key,
                value == 0 ? Json.NULL : Json.of(value),
                revision == 0 ? Map.of() : Map.of("revision", Json.of(revision)));
    }

    private void add(String key, long value, long revision) {
        begun(OTHER, "add", key, value);
        ended(OTHER, Type.OK, "add", key, value, revision);
    }

    private void delete(String key, long revision) {
        begun(OTHER, "delete", key, 0);
        ended(OTHER, Type.OK, "delete", key, 0, revision);
    }

    private void backupBegins() {
        begun(BACKUP, "backup", "", 0);
    }

    private void backupEnds(long revision) {
        recorder.add(
                BACKUP,
                Type.OK,
                "backup",
                "",
                new Json.Obj(Map.of("archive", Json.of(1), "revision", Json.of(revision))));
    }

    private void backup(long revision) {
        backupBegins();
        backupEnds(revision);
    }

    private void holds(String key, long value, long revision) {
        items.put(key, Json.array(Json.of(value), Json.of(revision), Json.of(1)));
    }

    private List<String> restored(long revision, Json cluster) {
        return restored(Map.of(
                "archive",
                Json.of(1),
                "revision",
                Json.of(revision),
                "items",
                new Json.Obj(items),
                "cluster",
                cluster));
    }

    private List<String> restored(Map<String, Json> content) {
        recorder.add(3, Type.INVOKE, "restored", "", Json.of(1));
        recorder.add(3, Type.OK, "restored", "", new Json.Obj(content));
        Verdict verdict = new Backups().check(recorder.history(), LIMITS);
        assertEquals(verdict.findings().isEmpty() ? Answer.VALID : Answer.INVALID, verdict.answer());
        return verdict.findings().stream().map(Finding::kind).toList();
    }

    /** By an archive of revision 3. */
    private List<String> found() {
        return restored(3 + GAP, Json.NULL);
    }

    @Test
    void whatWasAcknowledgedBeforeAndWhatCameMeanwhileMayBeThere() {
        add("1", 1, 1);
        add("2", 2, 2);
        delete("2", 3);
        backupBegins();
        add("4", 4, 4);
        backupEnds(3);
        add("5", 5, 5);
        holds("1", 1, 1);
        assertEquals(List.of(), restored(3 + GAP, new Json.Obj(items)));
    }

    @Test
    void aWriteAcknowledgedBeforeIsMissing() {
        add("1", 1, 1);
        add("2", 2, 2);
        backup(3);
        holds("1", 1, 1);
        assertEquals(List.of("missing"), found());
    }

    @Test
    void aChangeAcknowledgedBeforeIsMissing() {
        add("1", 1, 1);
        begun(OTHER, "change", "1", 2);
        ended(OTHER, Type.OK, "change", "1", 2, 2);
        backup(3);
        holds("1", 1, 1);
        assertEquals(List.of("missing"), found());
    }

    @Test
    void aDeleteAcknowledgedBeforeIsMissing() {
        add("1", 1, 1);
        delete("1", 2);
        backup(3);
        holds("1", 1, 1);
        assertEquals(List.of("missing"), found());
    }

    @Test
    void aKeyThatWasWrittenAgainAfterItsDeleteIsMissing() {
        add("1", 1, 1);
        delete("1", 2);
        add("1", 2, 3);
        backup(3);
        assertEquals(List.of("missing"), found());
    }

    @Test
    void aDeleteNobodyAnsweredExplainsAnAbsentKey() {
        add("1", 1, 1);
        begun(OTHER, "delete", "1", 0);
        ended(OTHER, Type.INFO, "delete", "1", 0, 0);
        backup(3);
        assertEquals(List.of(), found());
    }

    @Test
    void whatWasRefusedIsUnexpected() {
        begun(OTHER, "add", "1", 1);
        ended(OTHER, Type.FAIL, "add", "1", 1, 0);
        backup(3);
        holds("1", 1, 1);
        assertEquals(List.of("unexpected"), found());
    }

    @Test
    void aValueNobodyWroteIsUnexpected() {
        add("1", 1, 1);
        backup(3);
        holds("1", 7, 2);
        assertEquals(List.of("unexpected"), found());
    }

    @Test
    void aKeyNobodyWroteIsUnexpected() {
        backup(3);
        holds("8", 8, 2);
        assertEquals(List.of("unexpected"), found());
    }

    @Test
    void whatWasSentAfterTheEndIsLater() {
        backup(3);
        add("1", 1, 3);
        holds("1", 1, 3);
        assertEquals(List.of("later"), found());
    }

    /** Both came while the backup was made, so that time allows everything, and only revisions tell. */
    @Test
    void ofTwoWritesMeanwhileTheEarlierOneCannotBeLeftOut() {
        backupBegins();
        add("1", 1, 2);
        add("2", 2, 3);
        backupEnds(3);
        holds("2", 2, 3);
        assertEquals(List.of("torn"), found());
    }

    @Test
    void anOlderValueThanTheOneOfItsRevisionIsTorn() {
        add("1", 1, 1);
        backupBegins();
        begun(OTHER, "change", "1", 2);
        ended(OTHER, Type.OK, "change", "1", 2, 2);
        backupEnds(3);
        holds("1", 1, 1);
        assertEquals(List.of("torn"), found());
    }

    @Test
    void whatIsNewerThanItsRevisionIsTorn() {
        backupBegins();
        add("1", 1, 4);
        backupEnds(3);
        holds("1", 1, 4);
        assertEquals(List.of("torn"), found());
    }

    @Test
    void aRevisionThatWasAcknowledgedAsAnotherIsTorn() {
        add("1", 1, 1);
        backup(3);
        holds("1", 1, 2);
        assertEquals(List.of("torn"), found());
    }

    @Test
    void whatTheClusterShowsOtherwiseDiffers() {
        add("1", 1, 1);
        backup(3);
        holds("1", 1, 1);
        Json cluster = new Json.Obj(Map.of("1", Json.array(Json.of(1), Json.of(1), Json.of(2))));
        assertEquals(List.of("differs"), restored(3 + GAP, cluster));
    }

    @Test
    void aRevisionOfTheOldClusterMustNotBeGivenAgain() {
        backup(3);
        assertEquals(List.of("revision-again"), restored(4, Json.NULL));
    }

    @Test
    void anArchiveThatDoesNotVerifyIsDamaged() {
        add("1", 1, 1);
        backup(3);
        assertEquals(
                List.of("damaged"), restored(Map.of("archive", Json.of(1), "damage", Json.of("verify says: damaged"))));
    }

    @Test
    void manyMissingKeysAreOneFinding() {
        add("1", 1, 1);
        add("2", 2, 2);
        add("3", 3, 3);
        backup(3);
        assertEquals(List.of("missing"), found());
        Finding finding =
                new Backups().check(recorder.history(), LIMITS).findings().getFirst();
        assertEquals(
                "Archive 1 lacks the add of 1 (key 1, acknowledged at revision 1); and 2 more keys.",
                finding.sentence());
    }

    @Test
    void anArchiveNobodyLookedIntoShowsNothing() {
        backup(3);
        Verdict nothing = new Backups().check(recorder.history(), LIMITS);
        assertEquals(Answer.UNKNOWN, nothing.answer());
        assertEquals("no-evidence", nothing.findings().getFirst().kind());
        recorder.add(3, Type.INVOKE, "restored", "", Json.of(1));
        recorder.add(3, Type.FAIL, "restored", "", Json.NULL, Map.of("err", Json.of("no room")));
        Verdict failed = new Backups().check(recorder.history(), LIMITS);
        assertEquals(Answer.UNKNOWN, failed.answer());
        assertEquals(
                "Archive 1 was not brought to life: no room.",
                failed.findings().getFirst().sentence());
    }

    @Test
    void anArchiveThatNoBackupMadeIsNoHistory() {
        recorder.add(3, Type.INVOKE, "restored", "", Json.of(1));
        recorder.add(3, Type.OK, "restored", "", new Json.Obj(Map.of("archive", Json.of(1))));
        assertThrows(MalformedHistoryException.class, () -> new Backups().check(recorder.history(), LIMITS));
    }
}
