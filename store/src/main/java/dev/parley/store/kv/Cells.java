package dev.parley.store.kv;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * The names of all system cells: what the state machine knows besides the keys. Numbers in names are 8 bytes, big
 * endian, so that cells of one kind come in their order. A name is at most 1,100 bytes.
 *
 * <pre>
 *   revision                    8 newest revision
 *   compacted                   8 reads below this revision are refused; absent: 0, all history is kept
 *   time                        8 agreed time, Unix ms; absent before the first tick
 *   tick                        8 the leader's last tick, Unix ms; absent before the first
 *   age                         8 by which answers are forgotten, ms, see {@link AgreedClock}
 *   ages                        which revision was the newest at which age, see {@link RevisionAges}
 *   format-level                8 level agreed on; absent: 1
 *   office                      who leads, see {@link Office}
 *   trim                        8 entries up to here are given up
 *   log-bytes                   8 bytes of all entries above the blocks trimmed
 *   log/ block                  8 bytes of the entries of this block of 256 indexes
 *   writer/ id                  an open writer, see {@link Writers}
 *   open/ node                  8 id of the node's open writer
 *   member/ node                see {@link Members}
 *   lease/ id                   see {@link Leases}
 *   leased/ id key              the key dies with the lease; no content
 *   leases                      8 count of leases
 *   lock/ kind name             who holds and who waits, see {@link Locks}
 *   claim/ lease grant-key      the lease holds it or waits for it
 *   candidate/ grant-key        value of a candidate that waits
 *   asks                        8 requests that ever waited for a lock
 *   guards                      8 count of guards
 *   votes/ proposal             votes on a pending proposal
 *   proposals                   8 count of proposals remembered
 *   config-acks                 8 count of reports of clients about the configuration
 *   config-ack/ revision key    the report made at this revision; no content
 *   schemas                     8 newest revision that changed a schema
 *   answer/ SHA-256             a remembered answer, by the hash of its Idempotency-Key, see {@link RememberedAnswers}
 *   answered/ sequence          the same in the order they were given
 *   answers                     where that order begins and ends
 *   attendant/ node             see {@link Attendants}
 *   formed                      the cluster was complete once; no content
 *   events                      where the ring of events begins and ends, see {@link ClusterEvents}
 *   event/ sequence             one of them
 *   hooks                       8 count of hooks
 *   hook-told/ id               8 sequence of the event a hook was told last, see {@link Hooks}
 *   gap/ revision               8 the revision before it that exists, see {@link RevisionGap}
 *   ledger/ name                what the next entry goes on from, see {@link Ledgers}
 *   ledger-key/ name / SHA-256  8 count of the entries with the key of this hash, see {@link LedgerKeys}
 *   ledger-key/ ... place       8 sequence of one of them, by their place from 0
 *   processes                   8 count of processes
 *   handed-over/ name           4 CRC32C, then what the last instance handed over
 *   last-node/ name             where a process ran last
 *   proven                      what tree and digest go on from, see {@link Proven}
 *   proven-base                 the tree before the compaction revision and the digest at it
 * </pre>
 */
final class Cells {
    static final Bytes REVISION = Bytes.utf8("revision");
    static final Bytes COMPACTED = Bytes.utf8("compacted");
    static final Bytes TIME = Bytes.utf8("time");
    static final Bytes TICK = Bytes.utf8("tick");
    static final Bytes AGE = Bytes.utf8("age");
    static final Bytes AGES = Bytes.utf8("ages");
    static final Bytes FORMAT_LEVEL = Bytes.utf8("format-level");
    static final Bytes OFFICE = Bytes.utf8("office");
    static final Bytes TRIM = Bytes.utf8("trim");
    static final Bytes LOG_BYTES = Bytes.utf8("log-bytes");
    static final Bytes LOG_BLOCKS = Bytes.utf8("log/");
    static final Bytes WRITERS = Bytes.utf8("writer/");
    static final Bytes MEMBERS = Bytes.utf8("member/");
    static final Bytes LEASES = Bytes.utf8("lease/");
    static final Bytes LEASE_COUNT = Bytes.utf8("leases");
    static final Bytes ANSWERS = Bytes.utf8("answers");
    static final Bytes ATTENDANTS = Bytes.utf8("attendant/");
    static final Bytes FORMED = Bytes.utf8("formed");
    static final Bytes EVENT_RING = Bytes.utf8("events");
    static final Bytes EVENTS = Bytes.utf8("event/");
    static final Bytes HOOK_COUNT = Bytes.utf8("hooks");
    static final Bytes HOOKS_TOLD = Bytes.utf8("hook-told/");
    static final Bytes GAPS = Bytes.utf8("gap/");
    static final Bytes OPEN = Bytes.utf8("open/");
    static final Bytes ASKS = Bytes.utf8("asks");
    static final Bytes CONFIG_ACK_COUNT = Bytes.utf8("config-acks");
    static final Bytes CONFIG_ACKS = Bytes.utf8("config-ack/");
    static final Bytes GUARD_COUNT = Bytes.utf8("guards");
    static final Bytes PROVEN = Bytes.utf8("proven");
    static final Bytes PROVEN_BASE = Bytes.utf8("proven-base");
    static final Bytes VOTES = Bytes.utf8("votes/");
    static final Bytes PROPOSAL_COUNT = Bytes.utf8("proposals");
    static final Bytes PROCESS_COUNT = Bytes.utf8("processes");
    static final Bytes LAST_NODE = Bytes.utf8("last-node/");
    static final Bytes SCHEMA_REVISION = Bytes.utf8("schemas");

    private static final Bytes HANDED_OVER = Bytes.utf8("handed-over/");
    private static final Bytes LEDGER = Bytes.utf8("ledger/");
    private static final Bytes LEDGER_KEY = Bytes.utf8("ledger-key/");
    private static final Bytes LEASED = Bytes.utf8("leased/");
    private static final Bytes LOCK = Bytes.utf8("lock/");
    private static final Bytes CLAIM = Bytes.utf8("claim/");
    private static final Bytes CANDIDATE = Bytes.utf8("candidate/");
    private static final Bytes ANSWER = Bytes.utf8("answer/");
    private static final Bytes ANSWERED = Bytes.utf8("answered/");

    private Cells() {}

    static Bytes logBlock(long block) {
        return numbered(LOG_BLOCKS, block);
    }

    static Bytes writer(long id) {
        return numbered(WRITERS, id);
    }

    static Bytes openWriterOf(String node) {
        return named(OPEN, node);
    }

    static Bytes member(String node) {
        return named(MEMBERS, node);
    }

    static Bytes lease(long id) {
        return numbered(LEASES, id);
    }

    /** Prefix of the cells that name the keys of a lease. */
    static Bytes leased(long id) {
        return numbered(LEASED, id);
    }

    static Bytes leased(long id, Key key) {
        return new BinaryWriter(LEASED.size() + 8 + key.bytes().size())
                .raw(LEASED.unsafeArray())
                .i64(id)
                .raw(key.bytes().unsafeArray())
                .toBytes();
    }

    static Key keyOfLeased(Bytes name) {
        int prefix = LEASED.size() + 8;
        return new Key(Bytes.copyOf(name.unsafeArray(), prefix, name.size() - prefix));
    }

    static Bytes lock(LockName name) {
        return named(LOCK, name.toString());
    }

    /** Prefix of the cells that name the claims of a lease. */
    static Bytes claims(long lease) {
        return numbered(CLAIM, lease);
    }

    static Bytes claim(long lease, Key grantKey) {
        return appended(claims(lease), grantKey.bytes());
    }

    static Bytes candidate(LockName name, Lock.Claim claim) {
        return appended(CANDIDATE, name.grantKey(claim.lease(), claim.owner()).bytes());
    }

    static Bytes votes(long proposal) {
        return numbered(VOTES, proposal);
    }

    static Bytes configAck(long revision, Key key) {
        return appended(numbered(CONFIG_ACKS, revision), key.bytes());
    }

    static Key keyOfConfigAck(Bytes name) {
        int prefix = CONFIG_ACKS.size() + 8;
        return new Key(Bytes.copyOf(name.unsafeArray(), prefix, name.size() - prefix));
    }

    private static Bytes appended(Bytes prefix, Bytes rest) {
        return new BinaryWriter(prefix.size() + rest.size())
                .raw(prefix.unsafeArray())
                .raw(rest.unsafeArray())
                .toBytes();
    }

    /** Hashed, because an Idempotency-Key may be longer than a cell's name should be. */
    static Bytes answer(String idempotencyKey) {
        return answer(Bytes.wrap(sha256(idempotencyKey.getBytes(StandardCharsets.UTF_8))));
    }

    static Bytes answer(Bytes idempotencyKeyHash) {
        return new BinaryWriter(ANSWER.size() + 32)
                .raw(ANSWER.unsafeArray())
                .raw(idempotencyKeyHash.unsafeArray())
                .toBytes();
    }

    static Bytes ledger(String name) {
        return named(LEDGER, name);
    }

    /** Hashed, because a key may be longer than a cell's name should be. */
    static Bytes ledgerKey(String ledger, Key key) {
        return appended(
                named(LEDGER_KEY, ledger + "/"), Bytes.wrap(sha256(key.bytes().unsafeArray())));
    }

    static Bytes ledgerKeyPlace(Bytes ledgerKey, long place) {
        return numbered(ledgerKey, place);
    }

    static Bytes handedOver(String process) {
        return named(HANDED_OVER, process);
    }

    static Bytes lastNode(String process) {
        return named(LAST_NODE, process);
    }

    static Bytes answered(long sequence) {
        return numbered(ANSWERED, sequence);
    }

    static Bytes attendant(String node) {
        return named(ATTENDANTS, node);
    }

    static Bytes event(long sequence) {
        return numbered(EVENTS, sequence);
    }

    static Bytes hookTold(String id) {
        return named(HOOKS_TOLD, id);
    }

    static Bytes gap(long revision) {
        return numbered(GAPS, revision);
    }

    /** The number in the name of a cell of one of the numbered kinds. */
    static long numberOf(Bytes prefix, Bytes name) {
        return new BinaryReader(name, prefix.size(), name.size()).i64();
    }

    static long number(MapView view, Bytes name, long whenAbsent) {
        return view.cell(name).map(content -> new BinaryReader(content).i64()).orElse(whenAbsent);
    }

    static void putNumber(StateMap map, Bytes name, long value) {
        map.putCell(name, new BinaryWriter(8).i64(value).toBytes());
    }

    private static Bytes numbered(Bytes prefix, long number) {
        return new BinaryWriter(prefix.size() + 8)
                .raw(prefix.unsafeArray())
                .i64(number)
                .toBytes();
    }

    private static Bytes named(Bytes prefix, String name) {
        return new BinaryWriter(prefix.size() + 3 * name.length())
                .raw(prefix.unsafeArray())
                .raw(name.getBytes(StandardCharsets.UTF_8))
                .toBytes();
    }

    /** SHA-256 in hexadecimal. */
    static String hash(Bytes content) {
        return HexFormat.of().formatHex(sha256(content.unsafeArray()));
    }

    private static byte[] sha256(byte[] content) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(content);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java runtime has SHA-256", impossible);
        }
    }
}
