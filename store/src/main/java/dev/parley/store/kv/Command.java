package dev.parley.store.kv;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/**
 * What a node asks the cluster to do. Whether it can be done is decided when it is applied, on every node alike; a
 * condition that does not hold is an {@link Outcome}, never an error.
 *
 * <p>The constructors hold the bounds of {@link Limits} and throw {@link IllegalArgumentException}, so whatever exists
 * can be written to the log and read by every node. Whoever takes input from outside checks it first.
 */
public sealed interface Command {
    /** On behalf of a client; refused before {@link SystemCommand}s when the log is nearly full. */
    sealed interface ClientCommand extends Command {}

    /** On behalf of the cluster itself. */
    sealed interface SystemCommand extends Command {}

    /** Stores a value. Always makes a revision when its conditions hold. */
    record Put(Key key, Bytes value, String contentType, LeaseChoice lease, Precondition precondition)
            implements ClientCommand {
        public Put {
            Bounds.value(value);
            Bounds.text("content type", contentType);
        }
    }

    /** Deletes one key. Makes a revision only when there was one. */
    record Delete(Key key, Precondition precondition) implements ClientCommand {}

    /**
     * Deletes the keys of a range in one revision.
     *
     * @param partial when more than {@link Limits#KEYS_PER_COMMAND_MAX} keys are live: true deletes the first that
     *     many, false deletes nothing and answers {@link Outcome.RangeTooLarge}
     */
    record DeleteRange(KeyRange range, boolean partial) implements ClientCommand {}

    /**
     * If every comparison holds then {@code success}, else {@code failure}; at most one revision. When the operations
     * name a key twice, the last write of it counts.
     */
    record Transaction(List<Comparison> comparisons, List<Operation> success, List<Operation> failure)
            implements ClientCommand {
        public Transaction {
            comparisons = Bounds.list("comparisons", comparisons, Limits.COMPARISONS_PER_TRANSACTION_MAX);
            success = Bounds.list("operations", success, Limits.OPERATIONS_PER_TRANSACTION_MAX);
            failure = Bounds.list("operations", failure, Limits.OPERATIONS_PER_TRANSACTION_MAX);
        }
    }

    /** Makes a lease and, because its id is the revision that grants it, a revision. */
    record GrantLease(Duration ttl) implements ClientCommand {
        public GrantLease {
            Bounds.ttl(ttl);
        }
    }

    /** Counts one more keepalive, so that an expiry proposed before it is refused. */
    record KeepLeaseAlive(long lease) implements ClientCommand {}

    /** Ends a lease and deletes its keys, in one revision. */
    record RevokeLease(long lease) implements ClientCommand {}

    /** Gives up the history below {@code revision}. Makes no revision; one below the agreed one changes nothing. */
    record Compact(long revision) implements ClientCommand {
        public Compact {
            Bounds.notNegative("revision", revision);
        }
    }

    /**
     * Brings keys of a range back to what they were at {@code revision}, in one revision: the first ones that differ, at
     * most {@link Limits#KEYS_PER_COMMAND_MAX} of them. How far it came is in {@link Outcome.Restored}.
     */
    record Restore(KeyRange range, long revision) implements ClientCommand {
        public Restore {
            Bounds.notNegative("revision", revision);
        }
    }

    // -- locks ----------------------------------------------------------------------------------------------------

    /** About locks, semaphores, elections and what they guard. */
    sealed interface LockCommand extends ClientCommand {}

    /**
     * Asks for permits of a lock. An exclusive lock and an election take all of them.
     *
     * @param lease not {@link LeaseChoice.None}: what nobody keeps alive would be held for ever
     * @param limit permits there are; all who use the lock must name the same
     * @param value of a candidate, empty otherwise
     * @param queue whether to wait when it is held
     */
    record Acquire(LockName lock, String owner, LeaseChoice lease, int permits, int limit, Bytes value, boolean queue)
            implements LockCommand {
        public Acquire {
            Bounds.owner(owner);
            Bounds.permits(permits, limit);
            Bounds.size("value", value, Limits.CANDIDATE_VALUE_BYTES_MAX);
            if (lease instanceof LeaseChoice.None) {
                throw new IllegalArgumentException("a lock needs a lease");
            }
        }
    }

    /**
     * Ends the wait of one request.
     *
     * @param ask which request; one that took over its place is not touched
     * @param release also when it was granted in the meantime, because nobody is there any more to take it
     */
    record GiveUp(LockName lock, long lease, String owner, long ask, boolean release) implements LockCommand {
        public GiveUp {
            Bounds.owner(owner);
        }
    }

    /** Lets go what was granted with this token; those who wait get it. */
    record Release(LockName lock, long token) implements LockCommand {}

    /** Changes what the leader of an election says of itself. */
    record SetCandidateValue(LockName lock, long token, Bytes value) implements LockCommand {
        public SetCandidateValue {
            Bounds.size("value", value, Limits.CANDIDATE_VALUE_BYTES_MAX);
        }
    }

    /** From now on writes below {@code prefix} need a fence of this lock. */
    record PutGuard(String lock, String id, Bytes prefix) implements LockCommand {
        public PutGuard {
            Bounds.name(lock);
            Bounds.name(id);
            Bounds.size("prefix", prefix, Key.SIZE_BYTES_MAX);
        }
    }

    record DeleteGuard(String lock, String id) implements LockCommand {
        public DeleteGuard {
            Bounds.name(lock);
            Bounds.name(id);
        }
    }

    /**
     * Appends an entry to a ledger; the first one makes the ledger.
     *
     * @param metadata a JSON object as text; empty when there is none
     * @param stamp the sender's Lamport stamp, which the entry's will be above
     */
    record AppendEntry(String ledger, Key key, Bytes value, String metadata, Optional<Long> stamp)
            implements ClientCommand {
        public AppendEntry {
            Bounds.name(ledger);
            Bounds.value(value);
            Bounds.text("metadata", metadata);
            stamp.ifPresent(given -> Bounds.notNegative("stamp", given));
        }
    }

    /**
     * Loads entries of a snapshot that was verified, if the ledger ends at entry {@code after}.
     *
     * @param entries the next ones, without a gap and with rising stamps
     */
    record LoadEntries(String ledger, long after, List<LedgerEntry> entries) implements ClientCommand {
        public LoadEntries {
            Bounds.name(ledger);
            entries = Bounds.list("entries", entries, Limits.KEYS_PER_COMMAND_MAX);
            Bounds.notNegative("after", after);
            long stamp = 0;
            for (int i = 0; i < entries.size(); i++) {
                LedgerEntry entry = entries.get(i);
                if (entry.sequence() != after + i + 1 || entry.stamp() <= stamp) {
                    throw new IllegalArgumentException("entry " + entry.sequence() + " does not follow");
                }
                stamp = entry.stamp();
            }
        }
    }

    // -- configuration --------------------------------------------------------------------------------------------

    /** About the configuration that the members agree on. */
    sealed interface ConfigCommand extends ClientCommand {}

    /**
     * Proposes changes of the configuration, all or none. The proposer has judged them and found them good.
     *
     * @param changes of different paths, at least one
     * @param precondition on the only path; {@link Precondition#NONE} when there are several
     * @param timeoutMillis after which the proposer means to give up
     */
    record Propose(
            List<ConfigChange> changes, Quorum quorum, Precondition precondition, String comment, long timeoutMillis)
            implements ConfigCommand {
        /** How many acks of the voters it takes. */
        public sealed interface Quorum {
            int of(int voters);

            record Majority() implements Quorum {
                @Override
                public int of(int voters) {
                    return voters / 2 + 1;
                }
            }

            record All() implements Quorum {
                @Override
                public int of(int voters) {
                    return voters;
                }
            }

            /** @param votes at least 1; more than there are voters is refused */
            record Exactly(int votes) implements Quorum {
                @Override
                public int of(int voters) {
                    return votes;
                }
            }
        }

        public Propose {
            changes = Bounds.list("changes", changes, Limits.CHANGES_PER_PROPOSAL_MAX);
            Bounds.changes(changes, precondition);
            Bounds.text("comment", comment);
            Bounds.notNegative("timeout", timeoutMillis);
            if (quorum instanceof Quorum.Exactly(int votes) && votes < 1) {
                throw new IllegalArgumentException("a quorum needs a vote");
            }
        }
    }

    /** What the node that sends it thinks of a proposal; its first vote counts. */
    record CastVote(long proposal, boolean ack, String reason) implements ConfigCommand {
        public CastVote {
            Bounds.notNegative("proposal", proposal);
            Bounds.text("reason", reason);
        }
    }

    /** Ends a proposal that is still pending. */
    record AbortProposal(long proposal) implements ConfigCommand {
        public AbortProposal {
            Bounds.notNegative("proposal", proposal);
        }
    }

    /**
     * Attaches a schema to all paths with a prefix.
     *
     * @param judgedRevision the configuration was judged by it as of this revision; 0 to attach it in any case
     */
    record PutSchema(Key prefix, Bytes json, long judgedRevision) implements ConfigCommand {
        public PutSchema {
            Bounds.value(json);
        }
    }

    record DeleteSchema(Key prefix) implements ConfigCommand {}

    /**
     * What a client says of a part of the configuration.
     *
     * @param client a name
     * @param revision that it runs, or refused; not above the newest
     * @param reason of a refusal; may be empty
     */
    record ReportConfig(String client, ConfigScope scope, long revision, boolean applied, String reason)
            implements ConfigCommand {
        public ReportConfig {
            Bounds.name(client);
            Bounds.notNegative("revision", revision);
            Bounds.text("reason", reason);
        }
    }

    // -- processes ------------------------------------------------------------------------------------------------

    /** About what is to run, and what processes write down for themselves. */
    sealed interface ProcessCommand extends ClientCommand {}

    /** Registers a process: it is placed and started from now on. The same again changes nothing. */
    record PutProcess(String name, ProcessSpecification specification) implements ProcessCommand {
        public PutProcess {
            Bounds.name(name);
        }
    }

    /** Ends a process, with all it wrote down for itself. */
    record DeleteProcess(String name) implements ProcessCommand {
        public DeleteProcess {
            Bounds.name(name);
        }
    }

    /** @param node to move to; empty to leave it open, and for other wishes */
    record SteerProcess(String name, Wish wish, String node) implements ProcessCommand {
        /** The codes are in the log. */
        public enum Wish {
            STOP(1),
            /** Also what is stopped or has failed. */
            RESTART(2),
            MIGRATE(3);

            private final int code;

            Wish(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static Wish of(int code) {
                for (Wish each : values()) {
                    if (each.code == code) {
                        return each;
                    }
                }
                throw new Malformed("no wish " + code);
            }
        }

        public SteerProcess {
            Bounds.name(name);
            Bounds.text("node", node);
        }
    }

    /**
     * Writes or takes away one of a process's own records. Needs a fence of that process.
     *
     * @param value empty for a deletion
     * @param onlyAt the modification revision it must have, 0 when it must not exist
     */
    record PutRecord(String name, Key id, Optional<Bytes> value, String contentType, OptionalLong onlyAt)
            implements ProcessCommand {
        public PutRecord {
            Bounds.name(name);
            Bounds.size("id", id.bytes(), Limits.RECORD_ID_BYTES_MAX);
            value.ifPresent(Bounds::value);
            Bounds.text("content type", contentType);
        }
    }

    /** About where processes run; from the leader, but for the reports. */
    sealed interface PlacementCommand extends SystemCommand {}

    /**
     * Gives an instance to a node. Refused unless the process is as of {@code processRevision}, a place is free and the node
     * there.
     *
     * @param attendance which stay of the node
     * @param home where the ring would have it
     */
    record PlaceInstance(long epoch, String name, long processRevision, String node, long attendance, String home)
            implements PlacementCommand {
        public PlaceInstance {
            Bounds.name(name);
            Bounds.node(node);
        }
    }

    /** The node is to stop the instance; then it is placed again. */
    record WithdrawInstance(long epoch, String name, String node, long token) implements PlacementCommand {
        public WithdrawInstance {
            Bounds.name(name);
        }
    }

    /** Frees the place of an instance whose node is gone. */
    record ForgetInstance(long epoch, String name, String node, long token) implements PlacementCommand {
        public ForgetInstance {
            Bounds.name(name);
        }
    }

    /** Instances begin to move because the nodes are others, or have moved. @param instances how many */
    record NoteRedistribution(long epoch, boolean begun, int instances) implements PlacementCommand {}

    /** What became of an instance, told by the node that runs it. Refused when it is not placed there. */
    record ReportInstance(String name, String node, long token, Report report) implements PlacementCommand {
        /** Restarts count from the placement on. */
        public sealed interface Report {
            record Running(int restarts) implements Report {}

            /** It ended by itself and is started again. */
            record Ended(int restarts, String reason) implements Report {}

            record Finished(int restarts) implements Report {}

            record Failed(int restarts, String reason) implements Report {}

            /** Nothing of it runs: it was asked to stop, or was not taken. @param state handed over */
            record Released(Optional<Bytes> state) implements Report {
                public Released {
                    state.ifPresent(given -> Bounds.size("state", given, Limits.HANDED_OVER_BYTES_MAX));
                }
            }
        }

        public ReportInstance {
            Bounds.name(name);
        }
    }

    // -- system commands: the log and its members ---------------------------------------------------------------

    /** Ends a writer for good: none of its batches is applied after this. */
    record CloseWriter(long writer) implements SystemCommand {}

    /**
     * Makes a node known, or renews what is known of it.
     *
     * @param store names the table directory; another one than before drops the former durable report
     * @param formatLevel highest level of entries it reads
     */
    record RegisterMember(String node, UUID store, String url, int formatLevel) implements SystemCommand {
        public RegisterMember {
            Bounds.node(node);
            Bounds.text("url", url);
            Bounds.formatLevel(formatLevel);
        }
    }

    /** Ends a registration; the node's writers are closed and it no longer holds the log. */
    record RemoveMember(String node) implements SystemCommand {
        public RemoveMember {
            Bounds.node(node);
        }
    }

    /**
     * What a node says of its tables before it can apply anything: they are these, and hold everything up to
     * {@code index}. Replaces what it said of former ones, if it is registered at all.
     */
    record DeclareStore(String node, UUID store, long index) implements SystemCommand {
        public DeclareStore {
            Bounds.node(node);
            Bounds.notNegative("index", index);
        }
    }

    /** Everything up to {@code index} is durable in this store. Replaces the former report, downwards too. */
    record ReportDurable(String node, UUID store, long index) implements SystemCommand {
        public ReportDurable {
            Bounds.node(node);
            Bounds.notNegative("index", index);
        }
    }

    /** Gives the office of leader to a node; the index of this entry is the epoch. */
    record TakeOffice(String node, UUID nonce) implements SystemCommand {
        public TakeOffice {
            Bounds.node(node);
        }
    }

    // -- hooks --------------------------------------------------------------------------------------------------

    /** Who is told of events, see {@link Hooks}. */
    sealed interface HookCommand extends ClientCommand {}

    /** From now on, or as before but otherwise, somebody is told of events. */
    record PutHook(String id, String event, String url, int priority) implements HookCommand {
        public PutHook {
            Bounds.name(id);
            Bounds.text("event", event);
            Bounds.text("url", url);
            if (priority < 0 || priority > Limits.HOOK_PRIORITY_MAX) {
                throw new IllegalArgumentException("priority must be 0 to " + Limits.HOOK_PRIORITY_MAX);
            }
        }
    }

    record DeleteHook(String id) implements HookCommand {
        public DeleteHook {
            Bounds.name(id);
        }
    }

    /**
     * The leader told a hook of the cluster events up to {@code sequence}. Refused unless epoch is the one in office.
     *
     * @param created revision that made the hook
     */
    record HookTold(long epoch, String id, long created, long sequence) implements SystemCommand {
        public HookTold {
            Bounds.name(id);
        }
    }

    // -- who is there -------------------------------------------------------------------------------------------

    /** What nodes say of who is there and who leads; each makes events, see {@link ClusterEvents}. */
    sealed interface AttendanceCommand extends SystemCommand {
        Origin origin();
    }

    /**
     * Where a command came from, for the events it makes.
     *
     * @param stamp Lamport stamp of the node that proposes it
     * @param correlation of the request or event that caused it; empty when there is none
     */
    record Origin(long stamp, String correlation) {
        public static final Origin NONE = new Origin(0, "");

        public Origin {
            Bounds.notNegative("stamp", stamp);
            Bounds.text("correlation", correlation);
        }
    }

    /**
     * The node's process is there. Refused when it is known to be, or is no member.
     *
     * @param labels {@code key=value}
     * @param expected how many nodes the cluster was meant to begin with, from 1
     */
    record Enter(String node, UUID incarnation, String version, List<String> labels, int expected, Origin origin)
            implements AttendanceCommand {
        public Enter {
            Bounds.node(node);
            Bounds.text("version", version);
            labels = Bounds.list("labels", labels, Limits.LABELS_MAX);
            labels.forEach(label -> Bounds.text("label", label));
        }
    }

    /** The node stops, and says so itself. Refused when another incarnation is there. */
    record Leave(String node, UUID incarnation, Origin origin) implements AttendanceCommand {
        public Leave {
            Bounds.node(node);
        }
    }

    /** The leader saw that the node's session ended. @param graceful the node had said that it stops */
    record Expire(long epoch, String node, UUID incarnation, boolean graceful, Origin origin)
            implements AttendanceCommand {
        public Expire {
            Bounds.node(node);
        }
    }

    /** Ends an epoch. Its holder stands back for a while, so that another one leads, if there is one. */
    record Resign(long epoch, Origin origin) implements AttendanceCommand {}

    // -- commands of the leader: refused unless epoch is the one in office -------------------------------------

    /** Moves the agreed clock. */
    record Tick(long epoch, long atMillis) implements SystemCommand {}

    /** Gives up entries up to {@code index}. Refused unless enough stores hold them, or when it is not above. */
    record Trim(long epoch, long index) implements SystemCommand {}

    /** Gives up history that is older, or more, than is to be kept. Refused when it is given up already. */
    record ForgetHistory(long epoch, long revision) implements SystemCommand {
        public ForgetHistory {
            Bounds.notNegative("revision", revision);
        }
    }

    /** Lets entries of {@code level} into the log. Refused until every member reads them. */
    record RaiseFormatLevel(long epoch, int level) implements SystemCommand {
        public RaiseFormatLevel {
            Bounds.formatLevel(level);
        }
    }

    /** Expires a lease, unless a keepalive came after the {@code keepalives} that the leader saw. */
    record ExpireLease(long epoch, long lease, long keepalives) implements SystemCommand {}

    /** Writes down how much of each lease is left, for the next leader. */
    record CheckpointLeases(long epoch, List<Remaining> remaining) implements SystemCommand {
        public CheckpointLeases {
            remaining = Bounds.list("leases", remaining, Limits.LEASES_PER_CHECKPOINT_MAX);
        }

        /** Applied only while {@code keepalives} is the lease's count. */
        public record Remaining(long lease, long keepalives, Duration left) {
            public Remaining {
                Bounds.notNegative("left", left.toMillis());
            }
        }
    }

    // -- parts --------------------------------------------------------------------------------------------------

    /** Which lease a put ties its key to. */
    sealed interface LeaseChoice {
        /** None; a lease the key had is taken off. */
        record None() implements LeaseChoice {}

        record Existing(long lease) implements LeaseChoice {}

        /** A new lease for this key alone; its id is the revision of the put. */
        record Own(Duration ttl) implements LeaseChoice {
            public Own {
                Bounds.ttl(ttl);
            }
        }
    }

    /** Conditions on the key's mod revision; a missing key has none. Both must hold. */
    record Precondition(Match ifMatch, Match ifNoneMatch) {
        public static final Precondition NONE = new Precondition(new Match.Absent(), new Match.Absent());

        public sealed interface Match {
            /** The header was not sent. */
            record Absent() implements Match {}

            /** {@code *}: any existing key. */
            record Any() implements Match {}

            /** One of these mod revisions; empty when no tag was one of ours. */
            record OneOf(List<Long> revisions) implements Match {
                public OneOf {
                    revisions = Bounds.list("tags", revisions, Limits.TAGS_PER_CONDITION_MAX);
                }
            }
        }
    }

    /** One comparison of a transaction. A missing key has numbers 0 and no value. */
    sealed interface Comparison {
        Key key();

        Relation relation();

        record OfNumber(Key key, Field field, Relation relation, long operand) implements Comparison {}

        record OfValue(Key key, Relation relation, Bytes operand) implements Comparison {
            public OfValue {
                Bounds.value(operand);
            }
        }

        enum Field {
            VERSION,
            CREATE_REVISION,
            MOD_REVISION
        }

        enum Relation {
            EQUAL,
            NOT_EQUAL,
            LESS,
            GREATER
        }
    }

    /** One operation inside a transaction. Reads see what earlier operations of the same transaction wrote. */
    sealed interface Operation {
        /** @param lease not {@link LeaseChoice.Own}: one revision can grant one lease only */
        record Put(Key key, Bytes value, String contentType, LeaseChoice lease) implements Operation {
            public Put {
                Bounds.value(value);
                Bounds.text("content type", contentType);
                if (lease instanceof LeaseChoice.Own) {
                    throw new IllegalArgumentException("a put in a transaction cannot make a lease");
                }
            }
        }

        record Get(Key key) implements Operation {}

        record Delete(KeyRange range) implements Operation {}

        /** @param limit 1 to {@link Limits#RANGE_ITEMS_MAX} */
        record Range(KeyRange range, int limit) implements Operation {
            public Range {
                if (limit < 1 || limit > Limits.RANGE_ITEMS_MAX) {
                    throw new IllegalArgumentException(
                            "limit must be 1 to " + Limits.RANGE_ITEMS_MAX + ", was " + limit);
                }
            }
        }
    }
}
