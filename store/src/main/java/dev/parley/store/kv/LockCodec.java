package dev.parley.store.kv;

import dev.parley.store.kv.Outcome.LockDone;
import dev.parley.store.kv.Outcome.LockRefused;
import java.util.List;

/** Commands about locks and their outcomes as bytes. Kinds 35 to 49 are theirs, in either. */
final class LockCodec {
    static final int FIRST_KIND = 35;
    static final int LAST_KIND = 49;

    private static final int ACQUIRE = 35;
    private static final int GIVE_UP = 36;
    private static final int RELEASE = 37;
    private static final int SET_CANDIDATE_VALUE = 38;
    private static final int PUT_GUARD = 39;
    private static final int DELETE_GUARD = 40;

    private static final int GRANTED = 35;
    private static final int QUEUED = 36;
    private static final int RELEASED = 37;
    private static final int GIVEN_UP = 38;
    private static final int GUARD_STORED = 39;
    private static final int HELD = 40;
    private static final int NOT_HOLDER = 41;
    private static final int LIMIT_DIFFERS = 42;
    private static final int GUARDED = 43;
    private static final int GUARD_UNKNOWN = 44;

    private LockCodec() {}

    static boolean isKind(int kind) {
        return kind >= FIRST_KIND && kind <= LAST_KIND;
    }

    static void write(BinaryWriter out, LockCommand command) {
        switch (command) {
            case LockCommand.Acquire acquire -> {
                Locks.writeName(out.u8(ACQUIRE), acquire.lock());
                out.text(acquire.owner());
                PartCodec.writeLeaseChoice(out, acquire.lease());
                out.i32(acquire.permits()).i32(acquire.limit());
                out.shortBytes(acquire.value().unsafeArray()).flag(acquire.queue());
            }
            case LockCommand.GiveUp giveUp -> {
                Locks.writeName(out.u8(GIVE_UP), giveUp.lock());
                out.i64(giveUp.lease()).text(giveUp.owner()).i64(giveUp.ask()).flag(giveUp.release());
            }
            case LockCommand.Release release -> {
                Locks.writeName(out.u8(RELEASE), release.lock());
                out.i64(release.token());
            }
            case LockCommand.SetCandidateValue set -> {
                Locks.writeName(out.u8(SET_CANDIDATE_VALUE), set.lock());
                out.i64(set.token()).shortBytes(set.value().unsafeArray());
            }
            case LockCommand.PutGuard put ->
                out.u8(PUT_GUARD)
                        .text(put.lock())
                        .text(put.id())
                        .shortBytes(put.prefix().unsafeArray());
            case LockCommand.DeleteGuard delete ->
                out.u8(DELETE_GUARD).text(delete.lock()).text(delete.id());
        }
    }

    static LockCommand readCommand(int kind, BinaryReader in) {
        return switch (kind) {
            case ACQUIRE ->
                new LockCommand.Acquire(
                        Locks.readName(in),
                        in.text(),
                        PartCodec.readLeaseChoice(in),
                        in.i32(),
                        in.i32(),
                        in.shortBytes(),
                        in.flag());
            case GIVE_UP -> new LockCommand.GiveUp(Locks.readName(in), in.i64(), in.text(), in.i64(), in.flag());
            case RELEASE -> new LockCommand.Release(Locks.readName(in), in.i64());
            case SET_CANDIDATE_VALUE ->
                new LockCommand.SetCandidateValue(Locks.readName(in), in.i64(), in.shortBytes());
            case PUT_GUARD -> new LockCommand.PutGuard(in.text(), in.text(), in.shortBytes());
            case DELETE_GUARD -> new LockCommand.DeleteGuard(in.text(), in.text());
            default -> throw new Malformed("no command has kind " + kind);
        };
    }

    static void write(BinaryWriter out, LockDone done) {
        switch (done) {
            case Outcome.LockGranted granted -> {
                Locks.writeName(out.u8(GRANTED), granted.lock());
                Locks.writeHolder(out, granted.holder());
                out.flag(granted.fresh());
            }
            case Outcome.LockQueued queued -> {
                Locks.writeName(out.u8(QUEUED), queued.lock());
                Locks.writeWaiter(out, queued.waiter());
            }
            case Outcome.LockReleased released -> out.u8(RELEASED).i64(released.revision());
            case Outcome.LockGivenUp givenUp -> writeQueue(out.u8(GIVEN_UP), givenUp.holders(), givenUp.waiting());
            case Outcome.GuardStored stored ->
                out.u8(GUARD_STORED).i64(stored.revision()).flag(stored.created());
        }
    }

    static void write(BinaryWriter out, LockRefused refused) {
        switch (refused) {
            case Outcome.LockHeld held -> writeQueue(out.u8(HELD), held.holders(), held.waiting());
            case Outcome.NotHolder not -> {
                Locks.writeName(out.u8(NOT_HOLDER), not.lock());
                out.i64(not.token());
            }
            case Outcome.LimitDiffers differs -> {
                Locks.writeName(out.u8(LIMIT_DIFFERS), differs.lock());
                out.i32(differs.limit());
            }
            case Outcome.Guarded guarded ->
                out.u8(GUARDED).text(guarded.lock()).shortBytes(guarded.prefix().unsafeArray());
            case Outcome.GuardUnknown unknown ->
                out.u8(GUARD_UNKNOWN).text(unknown.lock()).text(unknown.id());
        }
    }

    static Outcome readOutcome(int kind, BinaryReader in) {
        return switch (kind) {
            case GRANTED -> new Outcome.LockGranted(Locks.readName(in), Locks.readHolder(in), in.flag());
            case QUEUED -> new Outcome.LockQueued(Locks.readName(in), Locks.readWaiter(in));
            case RELEASED -> new Outcome.LockReleased(in.i64());
            case GIVEN_UP -> new Outcome.LockGivenUp(readHolders(in), readWaiters(in));
            case GUARD_STORED -> new Outcome.GuardStored(in.i64(), in.flag());
            case HELD -> new Outcome.LockHeld(readHolders(in), readWaiters(in));
            case NOT_HOLDER -> new Outcome.NotHolder(Locks.readName(in), in.i64());
            case LIMIT_DIFFERS -> new Outcome.LimitDiffers(Locks.readName(in), in.i32());
            case GUARDED -> new Outcome.Guarded(in.text(), in.shortBytes());
            case GUARD_UNKNOWN -> new Outcome.GuardUnknown(in.text(), in.text());
            default -> throw new Malformed("no outcome has kind " + kind);
        };
    }

    private static void writeQueue(BinaryWriter out, List<Lock.Holder> holders, List<Lock.Waiter> waiting) {
        out.i32(holders.size());
        holders.forEach(holder -> Locks.writeHolder(out, holder));
        out.i32(waiting.size());
        waiting.forEach(waiter -> Locks.writeWaiter(out, waiter));
    }

    private static List<Lock.Holder> readHolders(BinaryReader in) {
        return in.list(Limits.CLAIMS_TOLD_MAX, () -> Locks.readHolder(in));
    }

    private static List<Lock.Waiter> readWaiters(BinaryReader in) {
        return in.list(Limits.CLAIMS_TOLD_MAX, () -> Locks.readWaiter(in));
    }
}
