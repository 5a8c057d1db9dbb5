package dev.parley.store.kv;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
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
    sealed interface ClientCommand extends Command
            permits Put,
                    Delete,
                    DeleteRange,
                    Transaction,
                    GrantLease,
                    KeepLeaseAlive,
                    RevokeLease,
                    Compact,
                    Restore,
                    AppendEntry,
                    LoadEntries,
                    HookCommand,
                    LockCommand,
                    ConfigCommand,
                    ProcessCommand {}

    /** On behalf of the cluster itself. */
    sealed interface SystemCommand extends Command
            permits CloseWriter,
                    RegisterMember,
                    RemoveMember,
                    DeclareStore,
                    ReportDurable,
                    TakeOffice,
                    HookTold,
                    Tick,
                    Trim,
                    ForgetHistory,
                    RaiseFormatLevel,
                    ExpireLease,
                    CheckpointLeases,
                    PlacementCommand,
                    AttendanceCommand {}

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

    // -- ledgers --------------------------------------------------------------------------------------------------

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
