package dev.parley.store.kv;

import dev.parley.store.kv.Command.ClientCommand;
import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.Submission.Idempotency;
import dev.parley.store.kv.Writers.Writer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The one place where entries become state. Total and deterministic: live traffic, restart and a fresh copy all run
 * this code. Everything it knows is in the map (see {@link Cells}), so there is nothing else to recover.
 *
 * <p>Of several reasons to refuse a command the first of these is the answer: the Idempotency-Key answers (a replay,
 * or its reuse); a guard misses a fence; a fence is not held; the epoch is not in office; a lease is missing or a limit reached; a
 * precondition fails; what the command is about is missing; an answer or a range is too large.
 */
public final class StateMachine {
    private StateMachine() {}

    /** What the node must know of an applied entry. */
    public sealed interface Applied {
        /** A writer began. */
        record Opened(long writer, LogEntry.Open open) implements Applied {}

        /** In the order of the batch's submissions; {@code revision} is the store revision after each. */
        record Batch(long writer, long number, List<Answer> answers) implements Applied {}

        /** Applied before; nothing changed. */
        record Duplicate(long writer, long number) implements Applied {}

        /** Batches before it are missing; nothing changed. The writer sends again from {@code expected}. */
        record Gap(long writer, long number, long expected) implements Applied {}

        /** The writer was closed or never opened; nothing changed and nothing of it ever will. */
        record UnknownWriter(long writer, long number) implements Applied {}
    }

    /** @param revision of the store after the command */
    public record Answer(Outcome outcome, long revision) {}

    /**
     * Applies the entry at {@code index}; {@code entryBytes} is what it takes in the log. Entries must come in the
     * order of the log, each once. On the thread that owns the map. Whatever the map throws comes through, and then
     * the map is not to be used any more.
     */
    public static Applied apply(StateMap map, long index, int entryBytes, LogEntry entry) {
        LogBytes.add(map, index, entryBytes);
        return switch (entry) {
            case LogEntry.Open open -> {
                Writers.open(map, index, open.node());
                yield new Applied.Opened(index, open);
            }
            case LogEntry.Batch batch ->
                Writers.find(map, batch.writer())
                        .map(writer -> applyInTurn(map, index, writer, batch))
                        .orElseGet(() -> new Applied.UnknownWriter(batch.writer(), batch.number()));
        };
    }

    private static Applied applyInTurn(StateMap map, long index, Writer writer, LogEntry.Batch batch) {
        long expected = writer.applied() + 1;
        if (batch.number() < expected) {
            return new Applied.Duplicate(writer.id(), batch.number());
        }
        if (batch.number() > expected) {
            return new Applied.Gap(writer.id(), batch.number(), expected);
        }
        // Before the commands: one of them may close this very writer.
        Writers.applied(map, writer, batch.number());
        BatchRun run = new BatchRun(map, index, writer.node(), AgreedClock.advance(map, batch.atMillis()));
        List<Answer> answers = new ArrayList<>(batch.submissions().size());
        for (Submission submission : batch.submissions()) {
            answers.add(new Answer(answer(run, submission), run.revision()));
        }
        run.end();
        return new Applied.Batch(writer.id(), batch.number(), List.copyOf(answers));
    }

    private static Outcome answer(BatchRun run, Submission submission) {
        Optional<Idempotency> idempotency = submission.idempotency();
        Optional<Outcome> recalled = idempotency.flatMap(request -> RememberedAnswers.recall(run.map(), request));
        if (recalled.isPresent()) {
            return recalled.get();
        }
        Outcome outcome = decide(run, submission);
        idempotency.ifPresent(request -> RememberedAnswers.remember(run, request, outcome));
        return outcome;
    }

    private static Outcome decide(BatchRun run, Submission submission) {
        Optional<Outcome> refusal = submission.command() instanceof ClientCommand command
                ? Guards.refusal(run, command, submission.fences())
                : Optional.empty();
        return refusal.or(() -> Locks.fenceRefusal(run.map(), submission.fences()))
                .orElseGet(() -> switch (submission.command()) {
                    case ClientCommand command -> decide(run, submission, command);
                    case SystemCommand command -> decide(run, submission.author(), command);
                });
    }

    private static Outcome decide(BatchRun run, Submission submission, ClientCommand command) {
        String author = submission.author();
        return switch (command) {
            case Command.Put put -> KeyCommands.put(run, author, put);
            case Command.Delete delete -> KeyCommands.delete(run, author, delete);
            case Command.DeleteRange delete -> KeyCommands.deleteRange(run, author, delete);
            case Command.Transaction transaction ->
                TransactionCommands.transact(run, author, transaction, answerBytesMax(submission));
            case Command.GrantLease grant -> LeaseCommands.grant(run, author, grant);
            case Command.KeepLeaseAlive keep -> LeaseCommands.keepAlive(run, keep);
            case Command.RevokeLease revoke -> LeaseCommands.revoke(run, author, revoke);
            case Command.Restore restore -> RestoreCommand.restore(run, author, restore);
            case Command.AppendEntry append -> LedgerCommands.append(run, author, append);
            case Command.LoadEntries load -> LedgerCommands.load(run, author, load);
            case Command.Compact compact -> CompactionCommands.compact(run, compact);
            case LockCommand lock -> LockCommands.decide(run, author, lock);
            case ConfigCommand config -> ConfigCommands.decide(run, submission, config);
            case ProcessCommand process -> ProcessCommands.decide(run, submission, process);
            case Command.HookCommand hook -> HookCommands.decide(run, author, hook);
        };
    }

    private static long answerBytesMax(Submission submission) {
        return submission.idempotency().isPresent()
                ? Limits.REMEMBERED_ANSWER_BYTES_MAX
                : Limits.TRANSACTION_ANSWER_BYTES_MAX;
    }

    private static Outcome decide(BatchRun run, String author, SystemCommand command) {
        return switch (command) {
            case Command.CloseWriter close -> MemberCommands.closeWriter(run, close);
            case Command.RegisterMember register -> MemberCommands.register(run, register);
            case Command.RemoveMember remove -> MemberCommands.remove(run, remove);
            case Command.DeclareStore declared -> MemberCommands.declareStore(run, declared);
            case Command.ReportDurable report -> MemberCommands.reportDurable(run, report);
            case Command.TakeOffice take -> MemberCommands.takeOffice(run, take);
            case PlacementCommand placement -> PlacementCommands.decide(run, placement);
            case AttendanceCommand attendance -> AttendanceCommands.decide(run, attendance);
            case Command.HookTold told -> inOffice(run, told.epoch(), () -> HookCommands.told(run, told));
            case Command.Tick tick -> inOffice(run, tick.epoch(), () -> LeaderCommands.tick(run, tick));
            case Command.Trim trim -> inOffice(run, trim.epoch(), () -> LeaderCommands.trim(run, trim));
            case Command.ForgetHistory forget ->
                inOffice(run, forget.epoch(), () -> CompactionCommands.forget(run, forget));
            case Command.RaiseFormatLevel raise ->
                inOffice(run, raise.epoch(), () -> LeaderCommands.raiseFormatLevel(run, raise));
            case Command.ExpireLease expire ->
                inOffice(run, expire.epoch(), () -> LeaseCommands.expire(run, author, expire));
            case Command.CheckpointLeases checkpoint ->
                inOffice(run, checkpoint.epoch(), () -> LeaseCommands.checkpoint(run, checkpoint));
        };
    }

    private static Outcome inOffice(BatchRun run, long epoch, Supplier<Outcome> command) {
        return Office.refusal(run.map(), epoch).orElseGet(command);
    }
}
