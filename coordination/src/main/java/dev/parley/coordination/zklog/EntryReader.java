package dev.parley.coordination.zklog;

import dev.parley.store.log.LogEvent;
import dev.parley.store.log.LogEvent.StoredEntry;
import dev.parley.store.log.LogIndex;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.zookeeper.KeeperException.Code;
import org.apache.zookeeper.data.Stat;
import org.jspecify.annotations.Nullable;

/**
 * Answers reads in order of the index, asking for several entries at once and, where more are known to exist, for the
 * next ones before they are wanted. On the strand.
 */
final class EntryReader {
    private static final int ATTEMPTS_MAX = 20;
    /** What the entries of one window should weigh together, going by the last ones. */
    private static final int WINDOW_BYTES = 4 << 20;

    private final LogContext context;
    private final SegmentLoader loader;

    /** Index behind the last entry known to exist: from watches, own appends and looks at a segment. */
    private long knownEnd;
    /** Where the next read will begin, if the reader goes on as before; 0 when nobody read yet. */
    private long expected;
    /** What is asked for now; 0 when nothing. */
    private long wanted;
    /** Grows with each question, so that late answers to an older one are told apart. */
    private long question;

    private int attempts;
    private long entryBytesTypical = 1_024;
    private @Nullable Window window;

    EntryReader(LogContext context, SegmentLoader loader) {
        this.context = context;
        this.loader = loader;
    }

    void read(long next) {
        wanted = Math.max(1, next);
        attempts = 0;
        question++;
        step();
    }

    void disconnected() {
        window = null;
        knownEnd = 0; // the next server may be behind
        if (wanted != 0) {
            failed("the connection to ZooKeeper broke");
        }
    }

    /** An entry is known to be there. */
    void exists(long index) {
        if (index >= knownEnd) {
            knownEnd = index + 1;
            readAhead();
        }
    }

    private void step() {
        Optional<Link> link = context.link();
        if (link.isEmpty()) {
            failed("not connected to ZooKeeper");
            return;
        }
        if (window != null && window.start() == wanted) {
            if (window.isComplete()) {
                deliver(link.get(), window);
            }
            return;
        }
        window = null;
        if (++attempts > ATTEMPTS_MAX) {
            failed("the log changed faster than it could be read");
            return;
        }
        Optional<SegmentTable.Place> place = context.segments().locate(wanted);
        if (place.isEmpty()) {
            load(link.get());
        } else if (wanted < knownEnd) {
            open(link.get(), place.get(), wanted);
        } else {
            probe(link.get(), place.get(), false);
        }
    }

    private void load(Link link) {
        long asked = question;
        loader.load(link, loaded -> {
            if (asked != question || wanted == 0) {
                return;
            }
            switch (loaded) {
                case SegmentLoader.Loaded.Failed why -> failed(why.why());
                case SegmentLoader.Loaded.Broken broken -> broken(broken.problem(), broken.detail());
                case SegmentLoader.Loaded.Ready ready -> loaded(ready.root());
            }
        });
    }

    private void loaded(RootRecord root) {
        if (root.trimmed() >= wanted) {
            trimmed(root.trimmed());
        } else if (context.segments().locate(wanted).isEmpty()) {
            broken("segment-missing", "no segment holds entry " + wanted + ", but trimmed is only " + root.trimmed());
        } else {
            step();
        }
    }

    private void open(Link link, SegmentTable.Place place, long start) {
        long end = Math.min(knownEnd, place.end().orElse(Long.MAX_VALUE));
        long affordable =
                Math.clamp(WINDOW_BYTES / entryBytesTypical, 1, context.config().readAheadEntriesMax());
        int count = (int) Math.clamp(end - start, 1, affordable);
        Window opened = new Window(place, start, count);
        window = opened;
        opened.request(context, link, () -> {
            if (window == opened && context.isCurrent(link)) {
                complete(link, opened);
            }
        });
    }

    private void complete(Link link, Window completed) {
        if (wanted == completed.start()) {
            deliver(link, completed);
        } else if (wanted != 0 || completed.prefix().isEmpty()) {
            window = null;
        }
    }

    private void deliver(Link link, Window completed) {
        window = null;
        List<StoredEntry> entries = completed.prefix();
        if (!entries.isEmpty()) {
            deliver(entries);
        } else if (completed.failure() == Code.OK) {
            probe(link, completed.place(), true);
        } else {
            failed("ZooKeeper answered " + completed.failure());
        }
    }

    private void deliver(List<StoredEntry> entries) {
        long bytes = 0;
        for (StoredEntry entry : entries) {
            bytes += entry.content().size();
        }
        entryBytesTypical = Math.max(1, bytes / entries.size());
        expected = entries.getLast().index().value() + 1;
        answered(new LogEvent.Entries(entries));
        if (expected < knownEnd) {
            context.hint();
        }
        readAhead();
    }

    private void readAhead() {
        Optional<Link> link = context.link();
        if (wanted != 0 || window != null || expected == 0 || expected >= knownEnd || link.isEmpty()) {
            return;
        }
        context.segments().locate(expected).ifPresent(place -> open(link.get(), place, expected));
    }

    /** The looks of a {@link Probe}, sent together: one server answers one session in order. */
    private void probe(Link link, SegmentTable.Place place, boolean withEntry) {
        long asked = question;
        var looks = new Object() {
            OptionalLong creates = OptionalLong.empty();
            Code failure = Code.OK;

            @Nullable
            StoredEntry entry;
        };
        String segment = context.paths().segment(place.segment());
        link.handle()
                .exists(
                        segment,
                        false,
                        (rc, path, ctx, stat) -> context.run(() -> {
                            if (rc == Code.OK.intValue()) {
                                looks.creates = OptionalLong.of(SegmentRecord.creates(stat));
                            } else if (rc != Code.NONODE.intValue()) {
                                looks.failure = LogContext.code(rc);
                            }
                        }),
                        null);
        if (withEntry) {
            link.handle()
                    .getData(
                            context.paths().entry(place.segment(), place.sequence(wanted)),
                            false,
                            (rc, path, ctx, data, stat) -> context.run(() -> looks.entry = entry(rc, data, stat)),
                            null);
        }
        link.handle()
                .getData(
                        context.paths().root(),
                        false,
                        (rc, path, ctx, data, stat) -> context.run(() -> {
                            if (asked != question || wanted == 0 || !context.isCurrent(link)) {
                                return;
                            }
                            if (looks.entry != null) {
                                deliver(List.of(looks.entry));
                            } else if (looks.failure != Code.OK) {
                                failed("ZooKeeper answered " + looks.failure);
                            } else {
                                conclude(place, looks.creates, withEntry, rc, data);
                            }
                        }),
                        null);
    }

    private @Nullable StoredEntry entry(int rc, byte[] data, Stat stat) {
        if (rc != Code.OK.intValue()) {
            return null;
        }
        return new StoredEntry(new LogIndex(wanted), stat.getCzxid(), dev.parley.store.kv.Bytes.wrap(data));
    }

    private void conclude(SegmentTable.Place place, OptionalLong creates, boolean withEntry, int rc, byte[] rootData) {
        switch (SegmentLoader.root(context, rc, rootData)) {
            case SegmentLoader.Loaded.Failed why -> failed(why.why());
            case SegmentLoader.Loaded.Broken broken -> broken(broken.problem(), broken.detail());
            case SegmentLoader.Loaded.Ready ready -> {
                RootRecord root = ready.root();
                context.segments().learn(root.segment(), root.base());
                follow(new Probe(wanted, place, creates, withEntry, root).decide());
            }
        }
    }

    private void follow(Probe.Finding finding) {
        switch (finding) {
            case Probe.Finding.Present present -> {
                knownEnd = Math.max(knownEnd, present.end());
                step();
            }
            case Probe.Finding.End end -> endReached();
            case Probe.Finding.Trimmed to -> trimmed(to.to());
            case Probe.Finding.OtherSegment other -> context.link().ifPresent(this::load);
            case Probe.Finding.Broken broken -> broken(broken.problem(), broken.detail());
        }
    }

    private void endReached() {
        if (wanted < knownEnd) {
            step(); // it came while we looked
            return;
        }
        expected = wanted;
        answered(new LogEvent.EndReached(new LogIndex(wanted)));
        context.repeatHint();
    }

    private void trimmed(long to) {
        expected = 0;
        answered(new LogEvent.BehindTrim(new LogIndex(to)));
    }

    private void broken(String problem, String detail) {
        answered(new LogEvent.Broken(problem, detail));
    }

    private void failed(String why) {
        answered(new LogEvent.ReadFailed(why));
    }

    private void answered(LogEvent answer) {
        wanted = 0;
        context.emit(answer);
    }
}
