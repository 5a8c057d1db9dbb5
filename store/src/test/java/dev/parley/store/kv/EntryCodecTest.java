package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.EntryCodec.Decoded;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

final class EntryCodecTest {
    private static final LogEntry.Open OPEN =
            new LogEntry.Open(UUID.fromString("00112233-4455-6677-8899-aabbccddeeff"), "n1");
    private static final LogEntry.Batch BATCH = new LogEntry.Batch(
            5,
            2,
            1_700_000_000_000L,
            List.of(
                    new Submission(
                            new Command.Put(
                                    Key.of("a"),
                                    Bytes.utf8("v"),
                                    "application/octet-stream",
                                    new Command.LeaseChoice.Existing(9),
                                    new Command.Precondition(
                                            new Command.Precondition.Match.OneOf(List.of(3L)),
                                            new Command.Precondition.Match.Any())),
                            "me",
                            Optional.of(new Submission.Idempotency("k", Bytes.utf8("f"))),
                            List.of(new Submission.Fence("lock", "l", 4))),
                    Submission.of(new Command.Delete(Key.of("é"), Command.Precondition.NONE))));

    @Test
    void theBytesOfAnOpenArePinned() {
        assertEquals(
                "0101" + "00112233445566778899aabbccddeeff" + "00026e31" + "a4761fcf",
                HexFormat.of().formatHex(EntryCodec.encode(OPEN).toArray()));
    }

    @Test
    void theBytesOfABatchArePinned() {
        String put = "07" + "00026d65" + "00016b" + "000166"
                + "00000001" + "00046c6f636b" + "00016c" + "0000000000000004"
                + "01" + "000161" + "02" + "0000000176" + "010000000000000009" + "02000000010000000000000003" + "01";
        String delete = "00" + "02" + "0002c3a9" + "00" + "00";
        String batch = "0102" + "0000000000000005" + "0000000000000002" + "0000018bcfe56800" + "00000002" + "00000041"
                + put + "00000008" + delete;
        String encoded = HexFormat.of().formatHex(EntryCodec.encode(BATCH).toArray());
        assertEquals(batch, encoded.substring(0, encoded.length() - 8));
        CRC32C sum = new CRC32C();
        sum.update(HexFormat.of().parseHex(batch));
        assertEquals(String.format("%08x", sum.getValue()), encoded.substring(encoded.length() - 8));
    }

    @Test
    void everyEntryReadsBackAsItWasWritten() {
        for (int seed = 0; seed < 5_000; seed++) {
            LogEntry entry = new RandomEntries(new SplittableRandom(seed)).entry();
            assertEquals(new Decoded.Entry(entry), EntryCodec.decode(EntryCodec.encode(entry)), "seed " + seed);
        }
    }

    @Test
    void aBatchOfSubmissionsEncodedBeforehandHasTheSameBytesAndTheForetoldSize() {
        List<Bytes> encoded =
                BATCH.submissions().stream().map(EntryCodec::encodeSubmission).toList();
        Bytes batch = EntryCodec.encodeBatch(BATCH.writer(), BATCH.number(), BATCH.atMillis(), encoded);
        assertEquals(EntryCodec.encode(BATCH), batch);
        long content = encoded.stream().mapToLong(Bytes::size).sum();
        assertEquals(EntryCodec.batchBytes(encoded.size(), content), batch.size());
    }

    @Test
    void everyFlippedBitIsFound() {
        for (LogEntry entry : List.of(OPEN, BATCH)) {
            byte[] good = EntryCodec.encode(entry).toArray();
            for (int bit = 0; bit < good.length * 8; bit++) {
                byte[] flipped = good.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertInstanceOf(Decoded.Damaged.class, EntryCodec.decode(Bytes.wrap(flipped)), "bit " + bit);
            }
        }
    }

    @Test
    void everyTruncationIsFound() {
        for (LogEntry entry : List.of(OPEN, BATCH)) {
            byte[] good = EntryCodec.encode(entry).toArray();
            for (int size = 0; size < good.length; size++) {
                Bytes cut = Bytes.wrap(Arrays.copyOf(good, size));
                assertInstanceOf(Decoded.Damaged.class, EntryCodec.decode(cut), "size " + size);
            }
        }
    }

    @Test
    void anEntryOfALaterLevelIsUnreadableAndNotDamaged() {
        assertEquals(new Decoded.Unreadable(2), EntryCodec.decode(sealed(2, 99, 1, 2, 3)));
        assertEquals(new Decoded.Unreadable(255), EntryCodec.decode(sealed(255)));
        assertInstanceOf(Decoded.Damaged.class, EntryCodec.decode(sealed(0, 1)));
    }

    @Test
    void aSealedEntryOfNonsenseIsDamagedWhateverItSays() {
        SplittableRandom random = new SplittableRandom(3);
        byte[] good = EntryCodec.encode(BATCH).toArray();
        int damaged = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] body = Arrays.copyOf(good, good.length - 4);
            for (int change = random.nextInt(1, 4); change > 0; change--) {
                body[random.nextInt(1, body.length)] = (byte) random.nextInt();
            }
            if (random.nextInt(4) == 0) {
                body = Arrays.copyOf(body, random.nextInt(1, body.length + 20));
            }
            // Never throws; what still reads is an entry that can be written again.
            switch (EntryCodec.decode(sealed(body))) {
                case Decoded.Entry read ->
                    assertFalse(EntryCodec.encode(read.entry()).size() == 0);
                case Decoded.Unreadable unreadable -> throw new AssertionError("level byte was not touched");
                case Decoded.Damaged found -> damaged++;
            }
        }
        assertTrue(damaged > 1_000, "only " + damaged);
    }

    @Test
    void whatCannotBeReadBackCannotBeMade() {
        Bytes large = Bytes.wrap(new byte[Limits.VALUE_BYTES_MAX + 1]);
        assertThrows(
                IllegalArgumentException.class,
                () -> new Command.Put(
                        Key.of("k"), large, "", new Command.LeaseChoice.None(), Command.Precondition.NONE));
        assertThrows(IllegalArgumentException.class, () -> new Submission.Fence("lock", "x".repeat(9_000), 1));
        assertThrows(
                IllegalArgumentException.class,
                () -> new Command.Transaction(
                        List.of(),
                        java.util.Collections.nCopies(129, new Command.Operation.Get(Key.of("k"))),
                        List.of()));
    }

    private static Bytes sealed(int... body) {
        byte[] bytes = new byte[body.length];
        for (int i = 0; i < body.length; i++) {
            bytes[i] = (byte) body[i];
        }
        return sealed(bytes);
    }

    private static Bytes sealed(byte[] body) {
        return new BinaryWriter(body.length + 4).raw(body).checksum().toBytes();
    }
}
