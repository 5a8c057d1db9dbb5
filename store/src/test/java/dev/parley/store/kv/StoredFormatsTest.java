package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Outcome.TransactionDone;
import dev.parley.store.kv.Outcome.TransactionDone.Result;
import dev.parley.store.kv.RevisionRecord.Change;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.SetDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Versions, revision records and outcomes as they lie on disk. */
final class StoredFormatsTest {
    private static final Version.Live LIVE = new Version.Live(3, 9, 2, 7, "text/plain", Bytes.utf8("value"));
    private static final RevisionRecord RECORD = new RevisionRecord(
            9,
            1_700_000_000_000L,
            "n1",
            "me",
            List.of(new Change(Keyspace.KV, Key.of("a")), new Change(Keyspace.LEASE, Key.of("7"))));
    private static final Outcome.Item ITEM = new Outcome.Item(Key.of("a"), LIVE);
    private static final LockName LOCK = new LockName(LockName.Kind.ELECTION, "l");
    private static final Lock.Holder HOLDER = new Lock.Holder(5, 3, new Lock.Claim(7, "me", 2), Bytes.utf8("v"));
    private static final Lock.Waiter WAITER = new Lock.Waiter(4, new Lock.Claim(8, "you", 1));
    private static final List<Outcome> OUTCOMES = List.of(
            new Outcome.Stored(1, 2, true, Optional.of(3L)),
            new Outcome.Stored(1, 2, false, Optional.empty()),
            new Outcome.Deleted(1, 2),
            new Outcome.DeletedSome(1, 2),
            new TransactionDone(
                    true,
                    5,
                    List.of(
                            new Result.Put(1, 2, true),
                            new Result.Get(Optional.of(ITEM)),
                            new Result.Get(Optional.empty()),
                            new Result.Deleted(4),
                            new Result.Range(List.of(ITEM, ITEM), true))),
            new Outcome.LeaseGranted(1, Duration.ofSeconds(5)),
            new Outcome.LeaseKept(1, Duration.ofSeconds(5), 3),
            new Outcome.LeaseEnded(1, 2),
            new Outcome.LockGranted(LOCK, HOLDER, true),
            new Outcome.LockQueued(LOCK, WAITER),
            new Outcome.LockReleased(9),
            new Outcome.LockGivenUp(List.of(HOLDER), List.of(WAITER)),
            new Outcome.GuardStored(9, true),
            new Outcome.LockHeld(List.of(HOLDER), List.of(WAITER)),
            new Outcome.NotHolder(LOCK, 4),
            new Outcome.LimitDiffers(LOCK, 3),
            new Outcome.Guarded("l", Bytes.utf8("a/")),
            new Outcome.GuardUnknown("l", "g"),
            new Outcome.Proposed(5),
            new Outcome.SchemaStored(5, true),
            new Outcome.ConfigReported(6, false),
            new Outcome.PathConflict(Key.of("a"), Key.of("a/b")),
            new Outcome.QuorumImpossible(3, 2),
            new Outcome.SchemaUnknown(Key.of("a")),
            new Outcome.ProcessStored(5, true),
            new Outcome.ProcessDeleted(5),
            new Outcome.ProcessSteered(5),
            new Outcome.ProcessNameTaken("p"),
            new Outcome.ProcessUnknown("p"),
            new Outcome.ProcessImmovable("p", "why"),
            new Outcome.HookStored(5, true),
            new Outcome.HookUnknown("h"),
            new Outcome.Acknowledged(),
            new Outcome.OfficeResigned("n1", 44),
            new Outcome.Replayed(8, new Outcome.Deleted(1, 2)),
            new Outcome.PreconditionFailed(Key.of("a"), 4),
            new Outcome.LeaseNotFound(1),
            new Outcome.LeaseUnknown(1),
            new Outcome.Fenced(new Submission.Fence("lock", "l", 4)),
            new Outcome.KeyReused("k"),
            new Outcome.RangeTooLarge(1),
            new Outcome.LimitReached("leases", 1),
            new Outcome.AnswerTooLarge(1),
            new Outcome.MemberUnknown("n1"),
            new Outcome.Superseded("why"),
            new Outcome.Compacted(3),
            new Outcome.RevisionAhead(3),
            new Outcome.Restored(9, 2, 1, Optional.of(Bytes.utf8("k"))),
            new Outcome.Restored(9, 2, 1, Optional.empty()),
            new Outcome.RevisionGone(3),
            new Outcome.EntryAppended("l", 1, 2, Bytes.utf8("h"), 3),
            new Outcome.EntriesLoaded(1, 2),
            new Outcome.StampTooFar(1, 2),
            new Outcome.LedgerMoved("l", 1));

    @Test
    void theBytesOfVersionsArePinned() {
        assertEquals(
                "01" + "0000000000000003" + "0000000000000002" + "0000000000000007" + "04" + "76616c7565",
                hex(VersionCodec.encode(LIVE)));
        Version.Live spelledOut = new Version.Live(1, 1, 1, 0, "a/b", Bytes.EMPTY);
        assertEquals(
                "01" + "0000000000000001" + "0000000000000001" + "0000000000000000" + "00" + "0003612f62",
                hex(VersionCodec.encode(spelledOut)));
        assertEquals("02", hex(VersionCodec.encode(new Version.Tombstone(9))));
    }

    @Test
    void theCodesOfUsualContentTypesArePinned() {
        assertEquals(
                List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
                List.of(
                                "a/b",
                                "",
                                "application/octet-stream",
                                "application/json",
                                "text/plain",
                                "text/plain; charset=utf-8",
                                "text/plain;charset=UTF-8",
                                "application/json; charset=utf-8",
                                "application/x-www-form-urlencoded",
                                "application/yaml",
                                "text/html")
                        .stream()
                        .map(ContentTypes::codeOf)
                        .toList());
    }

    @Test
    void versionsReadBackAsTheyWereWritten() {
        for (Version version :
                List.of(LIVE, new Version.Tombstone(9), new Version.Live(9, 9, 1, 0, "a/ü", Bytes.EMPTY))) {
            Bytes encoded = VersionCodec.encode(version);
            assertEquals(version, VersionCodec.decode(9, encoded));
            assertEquals(version instanceof Version.Tombstone, VersionCodec.isTombstone(encoded));
        }
    }

    @Test
    void theBytesOfARevisionRecordArePinnedAndReadBack() {
        Bytes encoded = RevisionCodec.encode(RECORD);

        assertEquals(
                "0000018bcfe56800" + "00026e31" + "00026d65" + "00000002" + "01000161" + "02000137" + "0000",
                hex(encoded));
        assertEquals(RECORD, RevisionCodec.decode(9, encoded));
    }

    @Test
    void theBytesOfASealArePinnedAndReadBack() {
        Hash leaf = Hash.ofHex("ab".repeat(32));
        Hash inner = Hash.ofHex("cd".repeat(32));
        SetDigest digest = SetDigest.of(Hash.ofHex("ef".repeat(32)));
        RevisionRecord sealed = RECORD.sealed(new Seal(List.of(leaf, inner), Optional.of(digest)));

        Bytes encoded = RevisionCodec.encode(sealed);

        String unsealed = hex(RevisionCodec.encode(RECORD));
        assertEquals(
                unsealed.substring(0, unsealed.length() - 4) + "02" + "ab".repeat(32) + "cd".repeat(32) + "01"
                        + "ef".repeat(32),
                hex(encoded));
        assertEquals(sealed, RevisionCodec.decode(9, encoded));
    }

    @Test
    void outcomesReadBackAsTheyWereWritten() {
        for (Outcome outcome : OUTCOMES) {
            assertEquals(outcome, OutcomeCodec.decode(OutcomeCodec.encode(outcome)));
        }
    }

    @Test
    void everyKindOfOutcomeIsAmongThoseTried() {
        assertEquals(
                permitted(Outcome.class),
                OUTCOMES.stream()
                        .map(outcome -> outcome.getClass().getSimpleName())
                        .collect(Collectors.toSet()));
    }

    @Test
    void theKindsOfOutcomesArePinned() {
        assertEquals(
                "01,01,02,03,04,05,06,07,23,24,25,26,27,28,29,2a,2b,2c,41,42,46,43,44,45,50,51,52,53,54,55,36,37,08,32,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,15,16,16,17,1e,1f,20,21",
                OUTCOMES.stream()
                        .map(outcome -> hex(OutcomeCodec.encode(outcome)).substring(2, 4))
                        .collect(Collectors.joining(",")));
    }

    @Test
    void storedBytesThatAreCutOrTooLongAreMalformed() {
        assertThrows(Malformed.class, () -> VersionCodec.decode(1, Bytes.EMPTY));
        assertThrows(Malformed.class, () -> VersionCodec.decode(1, Bytes.wrap(new byte[] {3})));
        assertThrows(Malformed.class, () -> VersionCodec.decode(1, Bytes.wrap(new byte[] {2, 0})));
        byte[] record = RevisionCodec.encode(RECORD).toArray();
        for (int size = 0; size < record.length; size++) {
            Bytes cut = Bytes.wrap(Arrays.copyOf(record, size));
            assertThrows(Malformed.class, () -> RevisionCodec.decode(9, cut));
        }
        assertThrows(
                Malformed.class, () -> RevisionCodec.decode(9, Bytes.wrap(Arrays.copyOf(record, record.length + 1))));
        for (Outcome outcome : OUTCOMES) {
            byte[] encoded = OutcomeCodec.encode(outcome).toArray();
            for (int size = 0; size < encoded.length; size++) {
                Bytes cut = Bytes.wrap(Arrays.copyOf(encoded, size));
                assertThrows(Malformed.class, () -> OutcomeCodec.decode(cut), outcome.toString());
            }
        }
    }

    @Test
    void theBoundOfAnAnswersSizeIsNeverBelowItsSize() {
        Version.Live widest = new Version.Live(1, 1, 1, 0, "€".repeat(100), Bytes.utf8("v"));
        Outcome.Item item = new Outcome.Item(Key.of("k"), widest);
        long itemBound = OutcomeCodec.sizeBound(item.key(), item.version());

        for (int items = 0; items < 5; items++) {
            Result range = new Result.Range(java.util.Collections.nCopies(items, item), false);
            int size = OutcomeCodec.encode(new TransactionDone(true, 1, List.of(range, range)))
                    .size();
            assertTrue(
                    size <= OutcomeCodec.FRAME_SIZE_BOUND + 2 * OutcomeCodec.RESULT_SIZE_BOUND + 2 * items * itemBound);
        }
    }

    private static java.util.Set<String> permitted(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(type ->
                        type.isRecord() ? java.util.stream.Stream.of(type.getSimpleName()) : permitted(type).stream())
                .collect(Collectors.toSet());
    }

    private static String hex(Bytes bytes) {
        return HexFormat.of().formatHex(bytes.toArray());
    }
}
