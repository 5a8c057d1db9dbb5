package dev.parley.store.kv;

import dev.parley.store.kv.Attendants.Attendant;
import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * The processes and where they are placed, read from any view. Both are keys of {@link Keyspace#PROCESS}: {@code s/name}
 * what is to run, {@code p/name/node} an instance. The revision that makes a placement is its token. What a process writes
 * down for itself is in {@link Keyspace#RECORD} under {@code name/id}, what an instance handed over is in a cell.
 */
public final class Processes {
    /** The kind of fence that instances bring. */
    public static final String FENCE = "process";

    static final Bytes SPECIFICATIONS = Bytes.utf8("s/");
    static final Bytes PLACEMENTS = Bytes.utf8("p/");

    private static final int FAILURE_CHARS_MAX = 1_000;

    private Processes() {}

    /**
     * A process that somebody asked for.
     *
     * @param run false when it is to be stopped
     * @param target node it was moved to on purpose; empty when there is none
     * @param avoid node it was moved away from on purpose; empty when there is none
     * @param revision that changed this last
     */
    public record Process(
            String name,
            ProcessSpecification specification,
            boolean run,
            String target,
            String avoid,
            long createRevision,
            long revision) {
        Process steered(boolean toRun, String toTarget, String toAvoid) {
            return new Process(name, specification, toRun, toTarget, toAvoid, createRevision, revision);
        }
    }

    /** How far an instance is. The codes are on disk and in the log. */
    public enum Stage {
        /** The node is to start it, or starts it again. */
        PLACED(1),
        RUNNING(2),
        /** It ended well and is not started again; nothing of it runs. */
        FINISHED(3),
        /** It is given up; nothing of it runs. */
        FAILED(4);

        private final int code;

        Stage(int code) {
            this.code = code;
        }

        static Stage of(int code) {
            for (Stage each : values()) {
                if (each.code == code) {
                    return each;
                }
            }
            throw new Malformed("no stage " + code);
        }

        /** Whether nothing of the instance runs any more. */
        public boolean isOver() {
            return this == FINISHED || this == FAILED;
        }
    }

    /**
     * An instance on a node.
     *
     * @param attendance which stay of the node in the cluster; with that the placement is over
     * @param token of the placement: the revision that made it
     * @param home where the ring would have had it when it was placed
     * @param withdrawn it is to be stopped, and placed again
     * @param startedAtMillis agreed time of the last start, 0 before the first
     * @param lastFailure for people; empty when there was none
     * @param revision that changed this last
     */
    public record Placement(
            String name,
            String node,
            long attendance,
            long token,
            String home,
            Stage stage,
            boolean withdrawn,
            int restarts,
            long startedAtMillis,
            String lastFailure,
            long revision) {
        public Placement {
            if (lastFailure.length() > FAILURE_CHARS_MAX) {
                lastFailure = lastFailure.substring(0, FAILURE_CHARS_MAX);
            }
        }

        Placement asWithdrawn() {
            return new Placement(
                    name, node, attendance, token, home, stage, true, restarts, startedAtMillis, lastFailure, revision);
        }

        Placement reached(Stage now, int restartsNow, long startedAt, String failure) {
            return new Placement(
                    name, node, attendance, token, home, now, withdrawn, restartsNow, startedAt, failure, revision);
        }

        /** Whether it was placed for this registration of the name, not for one that was deleted. */
        public boolean isOf(Process process) {
            return token > process.createRevision();
        }

        /** Whether the node is there as it was when this was placed. */
        public boolean isAttended(MapView view) {
            return Attendants.find(view, node)
                    .map(Attendant::entered)
                    .filter(entered -> entered == attendance)
                    .isPresent();
        }
    }

    // -- reading --------------------------------------------------------------------------------------------------

    public static Optional<Process> find(MapView view, String name) {
        return view.liveAt(Keyspace.PROCESS, keyOf(name), Long.MAX_VALUE).map(live -> decode(name, live));
    }

    /** In the order of their names, from the first behind {@code after} on. */
    public static List<Process> list(MapView view, String after, int countMax) {
        List<Process> processes = new ArrayList<>();
        Bytes start = Bytes.utf8("s/" + after + (after.isEmpty() ? "" : "\u0001"));
        KeyRange range = new KeyRange(start, KeyRange.prefix(SPECIFICATIONS).end());
        view.scan(Keyspace.PROCESS, range, Long.MAX_VALUE, false, (key, live) -> {
            processes.add(decode(key.toString().substring(2), live));
            return processes.size() < countMax;
        });
        return List.copyOf(processes);
    }

    /** Of one process, in the order of the nodes. */
    public static List<Placement> placements(MapView view, String name) {
        return placements(view, KeyRange.prefix(Bytes.utf8("p/" + name + "/")));
    }

    /** Of all processes, also of those that are not wanted any more but may still run; by name and node. */
    public static List<Placement> placements(MapView view) {
        return placements(view, KeyRange.prefix(PLACEMENTS));
    }

    private static List<Placement> placements(MapView view, KeyRange range) {
        List<Placement> placements = new ArrayList<>();
        view.scan(Keyspace.PROCESS, range, Long.MAX_VALUE, false, (key, live) -> {
            String text = key.toString();
            int slash = text.indexOf('/', 2);
            placements.add(decode(text.substring(2, slash), text.substring(slash + 1), live));
            return true;
        });
        return List.copyOf(placements);
    }

    static Optional<Placement> placement(MapView view, String name, String node) {
        return view.liveAt(Keyspace.PROCESS, keyOf(name, node), Long.MAX_VALUE).map(live -> decode(name, node, live));
    }

    /** Whether what the instance with this token writes is accepted. */
    static boolean isHeld(MapView view, String name, long token) {
        Optional<Process> process = Bounds.isName(name) ? find(view, name) : Optional.empty();
        return process.isPresent()
                && placements(view, name).stream()
                        .anyMatch(placement -> placement.token() == token
                                && placement.isOf(process.get())
                                && !placement.stage().isOver()
                                && placement.isAttended(view));
    }

    /** What the last instance handed over, as it was; empty when there is nothing, or it is damaged. */
    public static Optional<Bytes> handedOver(MapView view, String name) {
        return view.cell(Cells.handedOver(name)).flatMap(content -> {
            BinaryReader in = new BinaryReader(content);
            int crc = in.i32();
            Bytes state = in.rest();
            return crc == crcOf(state) ? Optional.of(state) : Optional.empty();
        });
    }

    /** A process's own records that begin with a prefix, in order; the keys are ids. */
    public static List<Outcome.Item> records(MapView view, String name, String prefix, int countMax) {
        List<Outcome.Item> items = new ArrayList<>();
        int own = Bytes.utf8(name + "/").size();
        KeyRange range = KeyRange.prefix(Bytes.utf8(name + "/" + prefix));
        view.scan(Keyspace.RECORD, range, Long.MAX_VALUE, false, (key, live) -> {
            Bytes id = Bytes.copyOf(key.bytes().unsafeArray(), own, key.bytes().size() - own);
            items.add(new Outcome.Item(new Key(id), live));
            return items.size() < countMax;
        });
        return List.copyOf(items);
    }

    public static Optional<Live> record(MapView view, String name, Key id) {
        return view.liveAt(Keyspace.RECORD, recordKey(name, id), Long.MAX_VALUE);
    }

    // -- keys and formats -----------------------------------------------------------------------------------------

    static Key keyOf(String name) {
        return Key.of("s/" + name);
    }

    static Key keyOf(String name, String node) {
        return Key.of("p/" + name + "/" + node);
    }

    static Key recordKey(String name, Key id) {
        return new Key(new BinaryWriter(name.length() + 1 + id.bytes().size())
                .raw(Bytes.utf8(name + "/").unsafeArray())
                .raw(id.bytes().unsafeArray())
                .toBytes());
    }

    static int crcOf(Bytes state) {
        CRC32C crc = new CRC32C();
        crc.update(state.unsafeArray());
        return (int) crc.getValue();
    }

    static Bytes encode(Process process) {
        BinaryWriter out = new BinaryWriter(512);
        process.specification().writeTo(out);
        return out.flag(process.run())
                .text(process.target())
                .text(process.avoid())
                .toBytes();
    }

    private static Process decode(String name, Live live) {
        BinaryReader in = new BinaryReader(live.value());
        return new Process(
                name,
                ProcessSpecification.read(in),
                in.flag(),
                in.text(),
                in.text(),
                live.createRevision(),
                live.modRevision());
    }

    static Bytes encode(Placement placement) {
        return new BinaryWriter(128)
                .i64(placement.attendance())
                .text(placement.home())
                .u8(placement.stage().code)
                .flag(placement.withdrawn())
                .i32(placement.restarts())
                .i64(placement.startedAtMillis())
                .text(placement.lastFailure())
                .toBytes();
    }

    private static Placement decode(String name, String node, Live live) {
        BinaryReader in = new BinaryReader(live.value());
        return new Placement(
                name,
                node,
                in.i64(),
                live.createRevision(),
                in.text(),
                Stage.of(in.u8()),
                in.flag(),
                in.i32(),
                in.i64(),
                in.text(),
                live.modRevision());
    }
}
