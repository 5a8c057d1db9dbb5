package dev.parley.store.kv;

import dev.parley.store.kv.Outcome.TransactionDone;
import dev.parley.store.kv.Outcome.TransactionDone.Result;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Outcomes as bytes, for answers remembered in the replicated state: a format level (1), a kind, the fields in the
 * order of the record. A kind is part of the format: append only.
 */
public final class OutcomeCodec {
    private static final int LEVEL = 1;

    private static final int STORED = 1;
    private static final int DELETED = 2;
    private static final int DELETED_SOME = 3;
    private static final int TRANSACTION_DONE = 4;
    private static final int LEASE_GRANTED = 5;
    private static final int LEASE_KEPT = 6;
    private static final int LEASE_ENDED = 7;
    private static final int ACKNOWLEDGED = 8;
    private static final int REPLAYED = 9;
    private static final int PRECONDITION_FAILED = 10;
    private static final int LEASE_NOT_FOUND = 11;
    private static final int LEASE_UNKNOWN = 12;
    private static final int FENCED = 13;
    private static final int KEY_REUSED = 14;
    private static final int RANGE_TOO_LARGE = 15;
    private static final int LIMIT_REACHED = 16;
    private static final int ANSWER_TOO_LARGE = 17;
    private static final int MEMBER_UNKNOWN = 18;
    private static final int SUPERSEDED = 19;
    private static final int COMPACTED = 20;
    private static final int REVISION_AHEAD = 21;
    private static final int RESTORED = 22;
    private static final int REVISION_GONE = 23;

    private static final int ENTRY_APPENDED = 30;
    private static final int ENTRIES_LOADED = 31;
    private static final int STAMP_TOO_FAR = 32;
    private static final int LEDGER_MOVED = 33;

    private static final int PUT = 1;
    private static final int GET = 2;
    private static final int DELETE = 3;
    private static final int RANGE = 4;

    /** Not below what a transaction's outcome takes besides its results. */
    static final int FRAME_SIZE_BOUND = 32;

    /** Not below what a result takes besides its items. */
    static final int RESULT_SIZE_BOUND = 32;

    /** Not below what an item takes besides key, content type and value. */
    private static final int ITEM_SIZE_BOUND = 48;

    private OutcomeCodec() {}

    public static Bytes encode(Outcome outcome) {
        BinaryWriter out = new BinaryWriter(64).u8(LEVEL);
        write(out, outcome);
        return out.toBytes();
    }

    /** @throws Malformed when these bytes are not an encoded outcome */
    public static Outcome decode(Bytes encoded) {
        BinaryReader in = new BinaryReader(encoded);
        int level = in.u8();
        if (level != LEVEL) {
            throw new Malformed("no outcome has level " + level);
        }
        Outcome outcome = read(in);
        in.expectEnd();
        return outcome;
    }

    /** Not below what the item adds to an encoded outcome. */
    static long sizeBound(Key key, Version.Live version) {
        // A char of the content type is at most three bytes.
        return ITEM_SIZE_BOUND
                + key.bytes().size()
                + 3L * version.contentType().length()
                + version.value().size();
    }

    private static void write(BinaryWriter out, Outcome outcome) {
        switch (outcome) {
            case Outcome.Stored stored -> {
                out.u8(STORED).i64(stored.revision()).i64(stored.version()).flag(stored.created());
                out.i64(stored.lease().orElse(LeaseId.NONE));
            }
            case Outcome.Deleted deleted ->
                out.u8(DELETED).i64(deleted.revision()).i64(deleted.deleted());
            case Outcome.DeletedSome deleted ->
                out.u8(DELETED_SOME).i64(deleted.revision()).i64(deleted.deleted());
            case TransactionDone done -> writeTransaction(out.u8(TRANSACTION_DONE), done);
            case Outcome.LeaseGranted granted ->
                out.u8(LEASE_GRANTED).i64(granted.lease()).i64(granted.ttl().toMillis());
            case Outcome.LeaseKept kept ->
                out.u8(LEASE_KEPT).i64(kept.lease()).i64(kept.ttl().toMillis()).i64(kept.keepalives());
            case Outcome.LeaseEnded ended ->
                out.u8(LEASE_ENDED).i64(ended.revision()).i64(ended.deletedKeys());
            case Outcome.LockDone done -> LockCodec.write(out, done);
            case Outcome.LockRefused refused -> LockCodec.write(out, refused);
            case Outcome.ConfigDone done -> ConfigCodec.write(out, done);
            case Outcome.ConfigRefused refused -> ConfigCodec.write(out, refused);
            case Outcome.ProcessDone done -> ProcessCodec.write(out, done);
            case Outcome.ProcessRefused refused -> ProcessCodec.write(out, refused);
            case Outcome.Acknowledged done -> out.u8(ACKNOWLEDGED);
            case Outcome.OfficeResigned resigned ->
                out.u8(AttendanceCodec.OFFICE_RESIGNED).text(resigned.node()).i64(resigned.epoch());
            case Outcome.Replayed replayed -> write(out.u8(REPLAYED).i64(replayed.revision()), replayed.first());
            case Outcome.PreconditionFailed failed ->
                out.u8(PRECONDITION_FAILED).key(failed.key()).i64(failed.actual());
            case Outcome.LeaseNotFound missing -> out.u8(LEASE_NOT_FOUND).i64(missing.lease());
            case Outcome.LeaseUnknown unknown -> out.u8(LEASE_UNKNOWN).i64(unknown.lease());
            case Outcome.Fenced fenced ->
                out.u8(FENCED)
                        .text(fenced.fence().kind())
                        .text(fenced.fence().name())
                        .i64(fenced.fence().token());
            case Outcome.HookStored stored ->
                out.u8(HookCodec.HOOK_STORED).i64(stored.revision()).flag(stored.created());
            case Outcome.HookUnknown unknown -> out.u8(HookCodec.HOOK_UNKNOWN).text(unknown.id());
            case Outcome.KeyReused reused -> out.u8(KEY_REUSED).text(reused.idempotencyKey());
            case Outcome.RangeTooLarge large -> out.u8(RANGE_TOO_LARGE).i64(large.keysMax());
            case Outcome.LimitReached reached ->
                out.u8(LIMIT_REACHED).text(reached.limit()).i64(reached.max());
            case Outcome.AnswerTooLarge large -> out.u8(ANSWER_TOO_LARGE).i64(large.bytesMax());
            case Outcome.MemberUnknown unknown -> out.u8(MEMBER_UNKNOWN).text(unknown.node());
            case Outcome.EntryAppended appended ->
                out.u8(ENTRY_APPENDED)
                        .text(appended.ledger())
                        .i64(appended.sequence())
                        .i64(appended.stamp())
                        .shortBytes(appended.hash().unsafeArray())
                        .i64(appended.revision());
            case Outcome.EntriesLoaded loaded ->
                out.u8(ENTRIES_LOADED).i64(loaded.revision()).i64(loaded.last());
            case Outcome.StampTooFar far ->
                out.u8(STAMP_TOO_FAR).i64(far.stamp()).i64(far.stampMax());
            case Outcome.LedgerMoved moved ->
                out.u8(LEDGER_MOVED).text(moved.ledger()).i64(moved.count());
            case Outcome.Superseded superseded -> out.u8(SUPERSEDED).text(superseded.why());
            case Outcome.Compacted compacted -> out.u8(COMPACTED).i64(compacted.revision());
            case Outcome.Restored restored -> {
                out.u8(RESTORED)
                        .i64(restored.revision())
                        .i64(restored.restored())
                        .i64(restored.deleted());
                out.flag(restored.next().isPresent());
                restored.next().ifPresent(out::longBytes);
            }
            case Outcome.RevisionGone gone -> out.u8(REVISION_GONE).i64(gone.compacted());
            case Outcome.RevisionAhead ahead -> out.u8(REVISION_AHEAD).i64(ahead.newest());
        }
    }

    private static Outcome read(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case STORED -> new Outcome.Stored(in.i64(), in.i64(), in.flag(), leaseOf(in.i64()));
            case DELETED -> new Outcome.Deleted(in.i64(), in.i64());
            case DELETED_SOME -> new Outcome.DeletedSome(in.i64(), in.i64());
            case TRANSACTION_DONE -> readTransaction(in);
            case LEASE_GRANTED -> new Outcome.LeaseGranted(in.i64(), Duration.ofMillis(in.i64()));
            case LEASE_KEPT -> new Outcome.LeaseKept(in.i64(), Duration.ofMillis(in.i64()), in.i64());
            case LEASE_ENDED -> new Outcome.LeaseEnded(in.i64(), in.i64());
            case AttendanceCodec.OFFICE_RESIGNED -> new Outcome.OfficeResigned(in.text(), in.i64());
            case ACKNOWLEDGED -> new Outcome.Acknowledged();
            case REPLAYED -> new Outcome.Replayed(in.i64(), readFirst(in));
            case PRECONDITION_FAILED -> new Outcome.PreconditionFailed(in.key(), in.i64());
            case LEASE_NOT_FOUND -> new Outcome.LeaseNotFound(in.i64());
            case LEASE_UNKNOWN -> new Outcome.LeaseUnknown(in.i64());
            case FENCED -> new Outcome.Fenced(new Submission.Fence(in.text(), in.text(), in.i64()));
            case HookCodec.HOOK_STORED -> new Outcome.HookStored(in.i64(), in.flag());
            case HookCodec.HOOK_UNKNOWN -> new Outcome.HookUnknown(in.text());
            case KEY_REUSED -> new Outcome.KeyReused(in.text());
            case RANGE_TOO_LARGE -> new Outcome.RangeTooLarge(in.i64());
            case LIMIT_REACHED -> new Outcome.LimitReached(in.text(), in.i64());
            case ANSWER_TOO_LARGE -> new Outcome.AnswerTooLarge(in.i64());
            case MEMBER_UNKNOWN -> new Outcome.MemberUnknown(in.text());
            case ENTRY_APPENDED -> new Outcome.EntryAppended(in.text(), in.i64(), in.i64(), in.shortBytes(), in.i64());
            case ENTRIES_LOADED -> new Outcome.EntriesLoaded(in.i64(), in.i64());
            case STAMP_TOO_FAR -> new Outcome.StampTooFar(in.i64(), in.i64());
            case LEDGER_MOVED -> new Outcome.LedgerMoved(in.text(), in.i64());
            case SUPERSEDED -> new Outcome.Superseded(in.text());
            case COMPACTED -> new Outcome.Compacted(in.i64());
            case RESTORED -> new Outcome.Restored(in.i64(), in.i64(), in.i64(), readNext(in));
            case REVISION_GONE -> new Outcome.RevisionGone(in.i64());
            case REVISION_AHEAD -> new Outcome.RevisionAhead(in.i64());
            default -> {
                if (LockCodec.isKind(kind)) {
                    yield LockCodec.readOutcome(kind, in);
                }
                if (ConfigCodec.isKind(kind)) {
                    yield ConfigCodec.readOutcome(kind, in);
                }
                if (ProcessCodec.isKind(kind)) {
                    yield ProcessCodec.readOutcome(kind, in);
                }
                throw new Malformed("no outcome has kind " + kind);
            }
        };
    }

    private static Optional<Bytes> readNext(BinaryReader in) {
        return in.flag() ? Optional.of(in.longBytes(Limits.RANGE_BOUND_BYTES_MAX)) : Optional.empty();
    }

    private static Outcome readFirst(BinaryReader in) {
        Outcome first = read(in);
        if (first instanceof Outcome.Replayed) {
            throw new Malformed("a replay of a replay");
        }
        return first;
    }

    private static Optional<Long> leaseOf(long lease) {
        return lease == LeaseId.NONE ? Optional.empty() : Optional.of(lease);
    }

    private static void writeTransaction(BinaryWriter out, TransactionDone done) {
        out.flag(done.succeeded()).i64(done.revision()).i32(done.results().size());
        for (Result result : done.results()) {
            switch (result) {
                case Result.Put put ->
                    out.u8(PUT).i64(put.revision()).i64(put.version()).flag(put.created());
                case Result.Get get -> {
                    out.u8(GET).flag(get.item().isPresent());
                    get.item().ifPresent(item -> writeItem(out, item));
                }
                case Result.Deleted deleted -> out.u8(DELETE).i64(deleted.deleted());
                case Result.Range range -> {
                    out.u8(RANGE).flag(range.more()).i32(range.items().size());
                    range.items().forEach(item -> writeItem(out, item));
                }
            }
        }
    }

    private static TransactionDone readTransaction(BinaryReader in) {
        boolean succeeded = in.flag();
        long revision = in.i64();
        List<Result> results = in.list(Limits.OPERATIONS_PER_TRANSACTION_MAX, () -> readResult(in));
        return new TransactionDone(succeeded, revision, List.copyOf(results));
    }

    private static Result readResult(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case PUT -> new Result.Put(in.i64(), in.i64(), in.flag());
            case GET -> new Result.Get(in.flag() ? Optional.of(readItem(in)) : Optional.empty());
            case DELETE -> new Result.Deleted(in.i64());
            case RANGE -> {
                boolean more = in.flag();
                yield new Result.Range(List.copyOf(in.list(Limits.RANGE_ITEMS_MAX, () -> readItem(in))), more);
            }
            default -> throw new Malformed("no result has kind " + kind);
        };
    }

    private static void writeItem(BinaryWriter out, Outcome.Item item) {
        Version.Live live = item.version();
        out.key(item.key())
                .i64(live.createRevision())
                .i64(live.modRevision())
                .i64(live.version())
                .i64(live.lease())
                .contentType(live.contentType())
                .longBytes(live.value());
    }

    private static Outcome.Item readItem(BinaryReader in) {
        Key key = in.key();
        return new Outcome.Item(
                key,
                new Version.Live(
                        in.i64(),
                        in.i64(),
                        in.i64(),
                        in.i64(),
                        in.contentType(),
                        in.longBytes(Limits.VALUE_BYTES_MAX)));
    }
}
