package dev.parley.store.kv;

import dev.parley.store.kv.StateMachine.Answer;
import dev.parley.store.kv.StateMachine.Applied;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/** Drives the state machine in a test: one node, one writer, one entry after the other. */
final class Script {
    static final String NODE = "n1";
    static final int ENTRY_BYTES = 100;

    final TreeStateMap map;
    long index;
    long writer;
    long batches;
    long clockMillis = 1_000_000;

    Script() {
        this(new TreeStateMap());
        open(NODE);
    }

    private Script(TreeStateMap map) {
        this.map = map;
    }

    /** Opens a writer of {@code node}, which sends from now on. */
    long open(String node) {
        apply(new LogEntry.Open(new UUID(7, index), node));
        writer = index;
        batches = 0;
        return writer;
    }

    Applied apply(LogEntry entry) {
        return StateMachine.apply(map, ++index, ENTRY_BYTES, entry);
    }

    Applied batch(long ofWriter, long number, Command... commands) {
        List<Submission> submissions =
                Arrays.stream(commands).map(Submission::of).toList();
        return apply(new LogEntry.Batch(ofWriter, number, clockMillis, submissions));
    }

    List<Answer> answers(Submission... submissions) {
        Applied applied = apply(new LogEntry.Batch(writer, ++batches, clockMillis, List.of(submissions)));
        return ((Applied.Batch) applied).answers();
    }

    Outcome run(Submission submission) {
        return answers(submission).getFirst().outcome();
    }

    Outcome run(Command command) {
        return run(Submission.of(command));
    }

    /** Registers the node and gives it the office. */
    long lead() {
        run(new Command.RegisterMember(NODE, STORE, "http://n1", 1));
        run(new Command.TakeOffice(NODE, new UUID(9, 9)));
        return index;
    }

    long revision() {
        return Agreed.revision(map);
    }

    static final UUID STORE = new UUID(1, 1);

    static Command.Put put(String key, String value) {
        return put(key, value, new Command.LeaseChoice.None());
    }

    static Command.Put put(String key, String value, Command.LeaseChoice lease) {
        return put(key, value, lease, Command.Precondition.NONE);
    }

    static Command.Put put(String key, String value, Command.LeaseChoice lease, Command.Precondition precondition) {
        return new Command.Put(Key.of(key), Bytes.utf8(value), "text/plain", lease, precondition);
    }

    static Command.Delete delete(String key) {
        return new Command.Delete(Key.of(key), Command.Precondition.NONE);
    }

    static Command.DeleteRange deletePrefix(String prefix, boolean partial) {
        return new Command.DeleteRange(KeyRange.prefix(Bytes.utf8(prefix)), partial);
    }

    String valueOf(String key) {
        return map.liveAt(Keyspace.KV, Key.of(key), Long.MAX_VALUE)
                .map(live -> live.value().utf8())
                .orElse("(missing)");
    }
}
