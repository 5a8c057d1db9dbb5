package dev.parley.store.kv;

import dev.parley.store.kv.Command.CheckpointLeases;
import dev.parley.store.kv.Command.CheckpointLeases.Remaining;
import dev.parley.store.kv.Command.CloseWriter;
import dev.parley.store.kv.Command.Compact;
import dev.parley.store.kv.Command.DeclareStore;
import dev.parley.store.kv.Command.Delete;
import dev.parley.store.kv.Command.DeleteRange;
import dev.parley.store.kv.Command.ExpireLease;
import dev.parley.store.kv.Command.ForgetHistory;
import dev.parley.store.kv.Command.GrantLease;
import dev.parley.store.kv.Command.KeepLeaseAlive;
import dev.parley.store.kv.Command.Put;
import dev.parley.store.kv.Command.RaiseFormatLevel;
import dev.parley.store.kv.Command.RegisterMember;
import dev.parley.store.kv.Command.RemoveMember;
import dev.parley.store.kv.Command.ReportDurable;
import dev.parley.store.kv.Command.Restore;
import dev.parley.store.kv.Command.RevokeLease;
import dev.parley.store.kv.Command.TakeOffice;
import dev.parley.store.kv.Command.Tick;
import dev.parley.store.kv.Command.Transaction;
import dev.parley.store.kv.Command.Trim;
import java.time.Duration;
import java.util.Optional;

/** Commands as bytes: a kind, then the fields in the order of the record. A kind is part of the format: append only. */
final class CommandCodec {
    private static final int PUT = 1;
    private static final int DELETE = 2;
    private static final int DELETE_RANGE = 3;
    private static final int TRANSACTION = 4;
    private static final int GRANT_LEASE = 5;
    private static final int KEEP_LEASE_ALIVE = 6;
    private static final int REVOKE_LEASE = 7;
    private static final int CLOSE_WRITER = 8;
    private static final int REGISTER_MEMBER = 9;
    private static final int REMOVE_MEMBER = 10;
    private static final int REPORT_DURABLE = 11;
    private static final int TAKE_OFFICE = 12;
    private static final int TICK = 13;
    private static final int TRIM = 14;
    private static final int RAISE_FORMAT_LEVEL = 15;
    private static final int EXPIRE_LEASE = 16;
    private static final int CHECKPOINT_LEASES = 17;

    private static final int COMPACT = 20;
    private static final int FORGET_HISTORY = 21;
    private static final int RESTORE = 22;
    private static final int DECLARE_STORE = 100;

    private static final int APPEND_ENTRY = 30;
    private static final int LOAD_ENTRIES = 31;

    private CommandCodec() {}

    /** About how many bytes it takes, so that the buffer seldom grows. */
    static int expectedSize(Command command) {
        return switch (command) {
            case Put put -> put.key().bytes().size() + put.value().size() + 64;
            case Transaction transaction -> 1_024;
            case Command.AppendEntry append -> append.value().size() + 1_024;
            default -> 128;
        };
    }

    static void write(BinaryWriter out, Command command) {
        switch (command) {
            case Put put -> {
                out.u8(PUT).key(put.key()).contentType(put.contentType()).longBytes(put.value());
                PartCodec.writeLeaseChoice(out, put.lease());
                PartCodec.writePrecondition(out, put.precondition());
            }
            case Delete delete -> {
                out.u8(DELETE).key(delete.key());
                PartCodec.writePrecondition(out, delete.precondition());
            }
            case DeleteRange delete -> {
                out.u8(DELETE_RANGE);
                PartCodec.writeRange(out, delete.range());
                out.flag(delete.partial());
            }
            case Transaction transaction -> writeTransaction(out.u8(TRANSACTION), transaction);
            case GrantLease grant -> out.u8(GRANT_LEASE).i64(grant.ttl().toMillis());
            case KeepLeaseAlive keep -> out.u8(KEEP_LEASE_ALIVE).i64(keep.lease());
            case RevokeLease revoke -> out.u8(REVOKE_LEASE).i64(revoke.lease());
            case LockCommand lock -> LockCodec.write(out, lock);
            case Command.AppendEntry append -> {
                out.u8(APPEND_ENTRY).text(append.ledger()).key(append.key()).longBytes(append.value());
                out.text(append.metadata()).flag(append.stamp().isPresent());
                append.stamp().ifPresent(out::i64);
            }
            case Command.LoadEntries load -> {
                out.u8(LOAD_ENTRIES)
                        .text(load.ledger())
                        .i64(load.after())
                        .i32(load.entries().size());
                load.entries().forEach(entry -> out.longBytes(entry.content()));
            }
            case ConfigCommand config -> ConfigCodec.write(out, config);
            case ProcessCommand process -> ProcessCodec.write(out, process);
            case PlacementCommand placement -> ProcessCodec.write(out, placement);
            case Command.HookCommand hook -> HookCodec.write(out, hook);
            case Command.HookTold told -> HookCodec.write(out, told);
            case CloseWriter close -> out.u8(CLOSE_WRITER).i64(close.writer());
            case RegisterMember member ->
                out.u8(REGISTER_MEMBER)
                        .text(member.node())
                        .uuid(member.store())
                        .text(member.url())
                        .u8(member.formatLevel());
            case RemoveMember member -> out.u8(REMOVE_MEMBER).text(member.node());
            case DeclareStore declared ->
                out.u8(DECLARE_STORE)
                        .text(declared.node())
                        .uuid(declared.store())
                        .i64(declared.index());
            case ReportDurable report ->
                out.u8(REPORT_DURABLE).text(report.node()).uuid(report.store()).i64(report.index());
            case TakeOffice office -> out.u8(TAKE_OFFICE).text(office.node()).uuid(office.nonce());
            case AttendanceCommand attendance -> AttendanceCodec.write(out, attendance);
            case Tick tick -> out.u8(TICK).i64(tick.epoch()).i64(tick.atMillis());
            case Trim trim -> out.u8(TRIM).i64(trim.epoch()).i64(trim.index());
            case RaiseFormatLevel raise ->
                out.u8(RAISE_FORMAT_LEVEL).i64(raise.epoch()).u8(raise.level());
            case ExpireLease expire ->
                out.u8(EXPIRE_LEASE).i64(expire.epoch()).i64(expire.lease()).i64(expire.keepalives());
            case CheckpointLeases checkpoint -> writeCheckpoint(out.u8(CHECKPOINT_LEASES), checkpoint);
            case Compact compact -> out.u8(COMPACT).i64(compact.revision());
            case Restore restore -> {
                PartCodec.writeRange(out.u8(RESTORE), restore.range());
                out.i64(restore.revision());
            }
            case ForgetHistory forget ->
                out.u8(FORGET_HISTORY).i64(forget.epoch()).i64(forget.revision());
        }
    }

    /** @throws Malformed or {@link IllegalArgumentException} when the bytes are no command within its bounds */
    static Command read(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case PUT -> readPut(in);
            case DELETE -> new Delete(in.key(), PartCodec.readPrecondition(in));
            case DELETE_RANGE -> new DeleteRange(PartCodec.readRange(in), in.flag());
            case TRANSACTION -> readTransaction(in);
            case GRANT_LEASE -> new GrantLease(Duration.ofMillis(in.i64()));
            case KEEP_LEASE_ALIVE -> new KeepLeaseAlive(in.i64());
            case REVOKE_LEASE -> new RevokeLease(in.i64());
            case APPEND_ENTRY ->
                new Command.AppendEntry(
                        in.text(),
                        in.key(),
                        in.longBytes(Limits.VALUE_BYTES_MAX),
                        in.text(),
                        in.flag() ? Optional.of(in.i64()) : Optional.empty());
            case LOAD_ENTRIES ->
                new Command.LoadEntries(
                        in.text(),
                        in.i64(),
                        in.list(
                                Limits.KEYS_PER_COMMAND_MAX,
                                () -> LedgerEntry.of(in.longBytes(Limits.LEDGER_ENTRY_BYTES_MAX))));
            case CLOSE_WRITER -> new CloseWriter(in.i64());
            case REGISTER_MEMBER -> new RegisterMember(in.text(), in.uuid(), in.text(), in.u8());
            case REMOVE_MEMBER -> new RemoveMember(in.text());
            case DECLARE_STORE -> new DeclareStore(in.text(), in.uuid(), in.i64());
            case REPORT_DURABLE -> new ReportDurable(in.text(), in.uuid(), in.i64());
            case TAKE_OFFICE -> new TakeOffice(in.text(), in.uuid());
            case TICK -> new Tick(in.i64(), in.i64());
            case TRIM -> new Trim(in.i64(), in.i64());
            case RAISE_FORMAT_LEVEL -> new RaiseFormatLevel(in.i64(), in.u8());
            case EXPIRE_LEASE -> new ExpireLease(in.i64(), in.i64(), in.i64());
            case CHECKPOINT_LEASES -> readCheckpoint(in);
            case COMPACT -> new Compact(in.i64());
            case RESTORE -> new Restore(PartCodec.readRange(in), in.i64());
            case FORGET_HISTORY -> new ForgetHistory(in.i64(), in.i64());
            default -> {
                if (LockCodec.isKind(kind)) {
                    yield LockCodec.readCommand(kind, in);
                }
                if (AttendanceCodec.isKind(kind)) {
                    yield AttendanceCodec.read(kind, in);
                }
                if (HookCodec.isKind(kind)) {
                    yield HookCodec.readCommand(kind, in);
                }
                if (ConfigCodec.isKind(kind)) {
                    yield ConfigCodec.readCommand(kind, in);
                }
                if (ProcessCodec.isKind(kind)) {
                    yield ProcessCodec.readCommand(kind, in);
                }
                throw new Malformed("no command has kind " + kind);
            }
        };
    }

    private static Put readPut(BinaryReader in) {
        Key key = in.key();
        String contentType = in.contentType();
        Bytes value = in.longBytes(Limits.VALUE_BYTES_MAX);
        return new Put(key, value, contentType, PartCodec.readLeaseChoice(in), PartCodec.readPrecondition(in));
    }

    private static void writeTransaction(BinaryWriter out, Transaction transaction) {
        out.i32(transaction.comparisons().size());
        transaction.comparisons().forEach(comparison -> PartCodec.writeComparison(out, comparison));
        out.i32(transaction.success().size());
        transaction.success().forEach(operation -> PartCodec.writeOperation(out, operation));
        out.i32(transaction.failure().size());
        transaction.failure().forEach(operation -> PartCodec.writeOperation(out, operation));
    }

    private static Transaction readTransaction(BinaryReader in) {
        var comparisons = in.list(Limits.COMPARISONS_PER_TRANSACTION_MAX, () -> PartCodec.readComparison(in));
        var success = in.list(Limits.OPERATIONS_PER_TRANSACTION_MAX, () -> PartCodec.readOperation(in));
        var failure = in.list(Limits.OPERATIONS_PER_TRANSACTION_MAX, () -> PartCodec.readOperation(in));
        return new Transaction(comparisons, success, failure);
    }

    private static void writeCheckpoint(BinaryWriter out, CheckpointLeases checkpoint) {
        out.i64(checkpoint.epoch()).i32(checkpoint.remaining().size());
        for (Remaining remaining : checkpoint.remaining()) {
            out.i64(remaining.lease())
                    .i64(remaining.keepalives())
                    .i64(remaining.left().toMillis());
        }
    }

    private static CheckpointLeases readCheckpoint(BinaryReader in) {
        long epoch = in.i64();
        var remaining = in.list(
                Limits.LEASES_PER_CHECKPOINT_MAX, () -> new Remaining(in.i64(), in.i64(), Duration.ofMillis(in.i64())));
        return new CheckpointLeases(epoch, remaining);
    }
}
