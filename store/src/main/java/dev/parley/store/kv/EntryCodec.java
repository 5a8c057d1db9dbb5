package dev.parley.store.kv;

import dev.parley.store.kv.Submission.Fence;
import dev.parley.store.kv.Submission.Idempotency;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Entries of the log as bytes, big endian.
 *
 * <pre>
 *   entry       1 format level | 1 kind | body | 4 CRC32C of all before
 *   open   (1)  16 nonce | 2+n node
 *   batch  (2)  8 writer | 8 number | 8 wall clock, Unix ms | 4 count | count x (4+n submission)
 *   submission  1 flags: 1 author, 2 idempotency, 4 fences | [2+n author] | [2+n key | 2+n fingerprint]
 *               | [4 count | count x (2+n kind | 2+n name | 8 token)] | command
 * </pre>
 *
 * The frame (level first, checksum last) is the same in every level to come. A submission is encoded once, when it is
 * taken, and batches are put together from the encoded ones.
 */
public final class EntryCodec {
    /** Highest level that this program reads, and writes once the cluster agreed on it. */
    public static final int FORMAT_LEVEL = 1;

    private static final int OPEN = 1;
    private static final int BATCH = 2;

    private static final int HAS_AUTHOR = 1;
    private static final int HAS_IDEMPOTENCY = 2;
    private static final int HAS_FENCES = 4;

    private static final int CHECKSUM_BYTES = 4;
    private static final int BATCH_FRAME_BYTES = 1 + 1 + 8 + 8 + 8 + 4 + CHECKSUM_BYTES;
    private static final int SUBMISSION_FRAME_BYTES = 4;

    private EntryCodec() {}

    /** What bytes turned out to be. */
    public sealed interface Decoded {
        record Entry(LogEntry entry) implements Decoded {}

        /** Undamaged, but of a level this program is too old for. */
        record Unreadable(int level) implements Decoded {}

        record Damaged(String why) implements Decoded {}
    }

    /** What a batch of encoded submissions takes in the log. */
    public static long batchBytes(int submissions, long submissionBytes) {
        return BATCH_FRAME_BYTES + (long) submissions * SUBMISSION_FRAME_BYTES + submissionBytes;
    }

    public static Bytes encode(LogEntry entry) {
        return switch (entry) {
            case LogEntry.Open open ->
                new BinaryWriter(64)
                        .u8(FORMAT_LEVEL)
                        .u8(OPEN)
                        .uuid(open.nonce())
                        .text(open.node())
                        .checksum()
                        .toBytes();
            case LogEntry.Batch batch ->
                encodeBatch(
                        batch.writer(),
                        batch.number(),
                        batch.atMillis(),
                        batch.submissions().stream()
                                .map(EntryCodec::encodeSubmission)
                                .toList());
        };
    }

    /** The part of a batch that can be prepared before its number is known. */
    public static Bytes encodeSubmission(Submission submission) {
        BinaryWriter out = new BinaryWriter(CommandCodec.expectedSize(submission.command()));
        boolean author = !submission.author().isEmpty();
        boolean idempotency = submission.idempotency().isPresent();
        boolean fences = !submission.fences().isEmpty();
        out.u8((author ? HAS_AUTHOR : 0) | (idempotency ? HAS_IDEMPOTENCY : 0) | (fences ? HAS_FENCES : 0));
        if (author) {
            out.text(submission.author());
        }
        submission.idempotency().ifPresent(once -> out.text(once.key())
                .shortBytes(once.fingerprint().unsafeArray()));
        if (fences) {
            out.i32(submission.fences().size());
            submission
                    .fences()
                    .forEach(fence -> out.text(fence.kind()).text(fence.name()).i64(fence.token()));
        }
        CommandCodec.write(out, submission.command());
        return out.toBytes();
    }

    /**
     * The bytes of {@link LogEntry.Batch} with these submissions, each from {@link #encodeSubmission}; exactly {@link
     * #batchBytes} of them.
     */
    public static Bytes encodeBatch(long writer, long number, long atMillis, List<Bytes> submissions) {
        if (submissions.size() > Limits.SUBMISSIONS_PER_BATCH_MAX) {
            throw new IllegalArgumentException("at most " + Limits.SUBMISSIONS_PER_BATCH_MAX + " submissions");
        }
        long content = 0;
        for (Bytes submission : submissions) {
            content += submission.size();
        }
        BinaryWriter out = new BinaryWriter(Math.toIntExact(batchBytes(submissions.size(), content)))
                .u8(FORMAT_LEVEL)
                .u8(BATCH)
                .i64(writer)
                .i64(number)
                .i64(atMillis)
                .i32(submissions.size());
        for (Bytes submission : submissions) {
            out.longBytes(submission);
        }
        return out.checksum().toBytes();
    }

    /** Total: anything that is not a whole, undamaged entry of a known level is named, never thrown. Any thread. */
    public static Decoded decode(Bytes encoded) {
        int end = encoded.size() - CHECKSUM_BYTES;
        if (end < 1) {
            return new Decoded.Damaged("cut short");
        }
        CRC32C sum = new CRC32C();
        sum.update(encoded.unsafeArray(), 0, end);
        if (new BinaryReader(encoded, end, encoded.size()).i32() != (int) sum.getValue()) {
            return new Decoded.Damaged("its checksum does not match");
        }
        try {
            return decodeBody(encoded, end);
        } catch (Malformed | IllegalArgumentException broken) {
            return new Decoded.Damaged(String.valueOf(broken.getMessage()));
        }
    }

    private static Decoded decodeBody(Bytes encoded, int end) {
        BinaryReader in = new BinaryReader(encoded, 0, end);
        int level = in.u8();
        if (level > FORMAT_LEVEL) {
            return new Decoded.Unreadable(level);
        }
        if (level < 1) {
            return new Decoded.Damaged("no entry has level " + level);
        }
        int kind = in.u8();
        LogEntry entry =
                switch (kind) {
                    case OPEN -> new LogEntry.Open(in.uuid(), in.text());
                    case BATCH -> decodeBatch(in);
                    default -> throw new Malformed("no entry has kind " + kind);
                };
        in.expectEnd();
        return new Decoded.Entry(entry);
    }

    private static LogEntry.Batch decodeBatch(BinaryReader in) {
        long writer = in.i64();
        long number = in.i64();
        long atMillis = in.i64();
        return new LogEntry.Batch(
                writer, number, atMillis, in.list(Limits.SUBMISSIONS_PER_BATCH_MAX, () -> decodeSubmission(in)));
    }

    private static Submission decodeSubmission(BinaryReader entry) {
        BinaryReader in = entry.part();
        int flags = in.u8();
        if (flags > (HAS_AUTHOR | HAS_IDEMPOTENCY | HAS_FENCES)) {
            throw new Malformed("a submission has unknown flags " + flags);
        }
        String author = (flags & HAS_AUTHOR) == 0 ? "" : in.text();
        Optional<Idempotency> idempotency = (flags & HAS_IDEMPOTENCY) == 0
                ? Optional.empty()
                : Optional.of(new Idempotency(in.text(), in.shortBytes()));
        List<Fence> fences = (flags & HAS_FENCES) == 0
                ? List.of()
                : in.list(Limits.FENCES_PER_COMMAND_MAX, () -> new Fence(in.text(), in.text(), in.i64()));
        Command command = CommandCodec.read(in);
        in.expectEnd();
        return new Submission(command, author, idempotency, fences);
    }
}
