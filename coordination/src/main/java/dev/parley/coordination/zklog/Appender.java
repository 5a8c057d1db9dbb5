package dev.parley.coordination.zklog;

import dev.parley.store.kv.Bytes;
import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogIndex;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.LongConsumer;
import org.apache.zookeeper.CreateMode;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.Op;
import org.apache.zookeeper.OpResult;
import org.apache.zookeeper.data.Stat;

/**
 * Stores entries, and opens the next segment when one is full. On the strand.
 *
 * <p>An append is one transaction: check that the segment is open, create the entry. Rolling takes two more: seal the
 * segment, which ends all appends to it, then count what was created and in one transaction name the next segment in the
 * root and create it. Who finds a segment sealed finishes what somebody else began.
 */
final class Appender {
    private static final int ROLL_ATTEMPTS_MAX = 100;

    private enum State {
        DOWN,
        /** The newest segment is not known, or being replaced; entries wait. */
        ROLLING,
        OPEN
    }

    private record Held(long ticket, Bytes entry) {}

    private final LogContext context;
    private final LongConsumer onStored;
    private final ArrayDeque<Held> held = new ArrayDeque<>();

    private State state = State.DOWN;
    private boolean announced;
    private boolean lookAgain;
    private int inFlight;
    private int rollAttempts;
    private long segment = -1;
    private long base;

    /** @param onStored told the index of each entry stored */
    Appender(LogContext context, LongConsumer onStored) {
        this.context = context;
        this.onStored = onStored;
    }

    void append(long ticket, Bytes entry) {
        if (entry.size() > context.config().entryBytesMax()) {
            context.emit(new LogEvent.AppendRefused(ticket));
            context.broken(
                    "entry-too-large",
                    entry.size() + " bytes, the ensemble takes "
                            + context.config().entryBytesMax());
            return;
        }
        if (!announced) {
            context.emit(new LogEvent.AppendLost(ticket));
        } else if (state == State.ROLLING) {
            held.add(new Held(ticket, entry));
        } else {
            context.link().ifPresent(link -> send(link, ticket, entry));
        }
    }

    void connected(Link link) {
        roll(link);
    }

    void disconnected() {
        state = State.DOWN;
        announced = false;
        while (!held.isEmpty()) {
            context.emit(new LogEvent.AppendLost(held.poll().ticket()));
        }
    }

    /** The root changed: somebody may have opened another segment, and appends to this one would be refused. */
    void rootChanged() {
        if (state == State.OPEN) {
            context.link().ifPresent(this::roll);
        } else {
            lookAgain = true;
        }
    }

    private void send(Link link, long ticket, Bytes entry) {
        inFlight++;
        long target = segment;
        long targetBase = base;
        List<Op> append = List.of(
                Op.check(context.paths().segment(target), SegmentRecord.OPEN_VERSION),
                Op.create(
                        context.paths().newEntry(target),
                        entry.unsafeArray(),
                        context.acl(),
                        CreateMode.PERSISTENT_SEQUENTIAL));
        link.handle()
                .multi(
                        append,
                        (rc, path, ctx, results) ->
                                context.run(() -> answered(link, ticket, target, targetBase, rc, results)),
                        null);
    }

    private void answered(Link link, long ticket, long target, long targetBase, int rc, List<OpResult> results) {
        inFlight--;
        switch (LogContext.code(rc)) {
            case OK -> stored(link, ticket, target, targetBase, (OpResult.CreateResult) results.get(1));
            case BADVERSION, NONODE -> {
                context.emit(new LogEvent.AppendRefused(ticket));
                if (context.isCurrent(link) && target == segment && state == State.OPEN) {
                    roll(link);
                }
            }
            case NOAUTH -> {
                context.emit(new LogEvent.AppendRefused(ticket));
                context.broken("no-access", "the ensemble refuses this cluster's secret");
            }
            default -> context.emit(new LogEvent.AppendLost(ticket));
        }
        announceWhenReady();
    }

    private void stored(Link link, long ticket, long target, long targetBase, OpResult.CreateResult created) {
        OptionalInt sequence = LogPaths.sequenceOf(created.getPath());
        if (sequence.isEmpty()) {
            context.broken("bad-name", "ZooKeeper named an entry " + created.getPath());
            return;
        }
        long index = targetBase + sequence.getAsInt();
        onStored.accept(index);
        context.emit(new LogEvent.Appended(ticket, new LogIndex(index)));
        boolean full = sequence.getAsInt() + 1 >= context.config().segmentEntriesMax();
        if (full && context.isCurrent(link) && target == segment && state == State.OPEN) {
            state = State.ROLLING;
            seal(link);
        }
    }

    private void seal(Link link) {
        byte[] sealed = new SegmentRecord(base, true).encode();
        // Whether this one sealed it or another did: the root and the segment tell what to do next.
        link.handle()
                .setData(
                        context.paths().segment(segment),
                        sealed,
                        SegmentRecord.OPEN_VERSION,
                        (rc, path, ctx, stat) -> context.run(link, () -> roll(link)),
                        null);
    }

    /** Finds the newest segment, and opens the next one when that is sealed. */
    private void roll(Link link) {
        state = State.ROLLING;
        if (++rollAttempts > ROLL_ATTEMPTS_MAX) {
            context.broken("cannot-roll", "no open segment after " + ROLL_ATTEMPTS_MAX + " attempts");
            return;
        }
        lookAgain = false;
        link.handle()
                .getData(
                        context.paths().root(),
                        false,
                        (rc, path, ctx, data, stat) -> context.run(link, () -> rootRead(link, rc, data, stat)),
                        null);
    }

    private void rootRead(Link link, int rc, byte[] data, Stat stat) {
        switch (LogContext.code(rc)) {
            case OK -> {
                Optional<RootRecord> root = RootRecord.decode(data);
                if (root.isEmpty()) {
                    context.broken("bad-root", context.paths().root() + " does not hold a root record");
                    return;
                }
                context.segments().learn(root.get().segment(), root.get().base());
                inspect(link, root.get(), stat.getVersion());
            }
            case NONODE ->
                context.broken(
                        "log-behind-replica",
                        "there is no log " + context.paths().log());
            case NOAUTH -> context.broken("no-access", "the ensemble refuses this cluster's secret");
            case CONNECTIONLOSS, SESSIONEXPIRED -> {} // the next link begins anew
            default -> roll(link);
        }
    }

    private void inspect(Link link, RootRecord root, int rootVersion) {
        link.handle()
                .exists(
                        context.paths().segment(root.segment()),
                        false,
                        (rc, path, ctx, stat) -> context.run(link, () -> inspected(link, root, rootVersion, rc, stat)),
                        null);
    }

    private void inspected(Link link, RootRecord root, int rootVersion, int rc, Stat stat) {
        switch (LogContext.code(rc)) {
            case OK -> {
                if (stat.getVersion() == SegmentRecord.OPEN_VERSION) {
                    adopt(root);
                } else {
                    openNext(link, root, rootVersion, SegmentRecord.creates(stat));
                }
            }
            case CONNECTIONLOSS, SESSIONEXPIRED -> {}
            default -> roll(link); // gone: the root has moved on since
        }
    }

    private void openNext(Link link, RootRecord root, int rootVersion, long creates) {
        RootRecord next = root.next(creates);
        List<Op> open = List.of(
                Op.setData(context.paths().root(), next.encode(), rootVersion),
                Op.create(
                        context.paths().segment(next.segment()),
                        new SegmentRecord(next.base(), false).encode(),
                        context.acl(),
                        CreateMode.PERSISTENT));
        link.handle()
                .multi(
                        open,
                        (rc, path, ctx, results) -> context.run(link, () -> {
                            Code code = LogContext.code(rc);
                            if (code == Code.OK) {
                                adopt(next);
                            } else if (code != Code.CONNECTIONLOSS && code != Code.SESSIONEXPIRED) {
                                roll(link); // somebody else was first
                            }
                        }),
                        null);
    }

    private void adopt(RootRecord root) {
        if (root.segment() > segment) {
            segment = root.segment();
            base = root.base();
            context.segments().learn(segment, base);
        }
        state = State.OPEN;
        rollAttempts = 0;
        announceWhenReady();
        context.link().ifPresent(this::sendHeld);
        context.hint();
        if (lookAgain) {
            rootChanged();
        }
    }

    private void sendHeld(Link link) {
        while (announced && !held.isEmpty()) {
            Held next = held.poll();
            send(link, next.ticket(), next.entry());
        }
    }

    /** Only with an empty pipeline: a lost append must not be answered after a later one was sent. */
    private void announceWhenReady() {
        Optional<Link> link = context.link();
        if (!announced && state == State.OPEN && inFlight == 0 && link.isPresent()) {
            announced = true;
            context.emit(new LogEvent.Connected(link.get().session()));
            context.hint();
        }
    }
}
