package dev.parley.store.kv;

import dev.parley.store.kv.Command.Comparison;
import dev.parley.store.kv.Command.Comparison.Relation;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Command.Transaction;
import dev.parley.store.kv.Draft.Numbers;
import dev.parley.store.kv.Outcome.Item;
import dev.parley.store.kv.Outcome.TransactionDone;
import dev.parley.store.kv.Outcome.TransactionDone.Result;
import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One transaction: compares, drafts one branch, answers, and only then writes. A refusal leaves nothing behind. */
final class TransactionCommands {
    private final BatchRun run;
    private final Draft draft;
    private final long answerBytesMax;
    private long answerBytes = OutcomeCodec.FRAME_SIZE_BOUND;

    private TransactionCommands(BatchRun run, long answerBytesMax) {
        this.run = run;
        this.draft = new Draft(run);
        this.answerBytesMax = answerBytesMax;
    }

    /** @param answerBytesMax what the results may measure together */
    static Outcome transact(BatchRun run, String author, Transaction transaction, long answerBytesMax) {
        return new TransactionCommands(run, answerBytesMax).transact(author, transaction);
    }

    private Outcome transact(String author, Transaction transaction) {
        boolean succeeded = succeeds(transaction);
        List<Operation> branch = succeeded ? transaction.success() : transaction.failure();
        Optional<Outcome> refusal = leaseNotFound(branch);
        List<Result> results = new ArrayList<>(branch.size());
        for (int i = 0; i < branch.size() && refusal.isEmpty(); i++) {
            results.add(draft(branch.get(i)));
            refusal = sizeRefusal();
        }
        refusal = refusal.or(draft::leaseRefusal);
        return refusal.orElseGet(() -> new TransactionDone(succeeded, draft.commit(author), List.copyOf(results)));
    }

    /** The operations it would do now. */
    static List<Operation> branch(BatchRun run, Transaction transaction) {
        return new TransactionCommands(run, 0).succeeds(transaction) ? transaction.success() : transaction.failure();
    }

    private boolean succeeds(Transaction transaction) {
        return transaction.comparisons().stream().allMatch(this::holds);
    }

    private Optional<Outcome> leaseNotFound(List<Operation> branch) {
        for (Operation operation : branch) {
            if (operation instanceof Operation.Put put) {
                Optional<Outcome> refusal = LeaseCommands.choiceRefusal(run, put.lease());
                if (refusal.isPresent()) {
                    return refusal;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Outcome> sizeRefusal() {
        if (draft.keysWritten() > Limits.KEYS_PER_COMMAND_MAX) {
            return Optional.of(new Outcome.RangeTooLarge(Limits.KEYS_PER_COMMAND_MAX));
        }
        return answerBytes > answerBytesMax
                ? Optional.of(new Outcome.AnswerTooLarge(answerBytesMax))
                : Optional.empty();
    }

    private Result draft(Operation operation) {
        answerBytes += OutcomeCodec.RESULT_SIZE_BOUND;
        return switch (operation) {
            case Operation.Put put -> {
                Live stored = draft.put(put.key(), put.value(), put.contentType(), leaseOf(put.lease()));
                yield new Result.Put(draft.revision(), stored.version(), stored.version() == 1);
            }
            case Operation.Get get -> new Result.Get(draft.live(get.key()).map(live -> item(get.key(), live)));
            case Operation.Delete delete ->
                // One more than may be, so that it shows.
                new Result.Deleted(draft.delete(delete.range(), Limits.KEYS_PER_COMMAND_MAX + 1));
            case Operation.Range range -> range(range);
        };
    }

    private static long leaseOf(LeaseChoice choice) {
        return switch (choice) {
            case LeaseChoice.None none -> LeaseId.NONE;
            case LeaseChoice.Existing existing -> existing.lease();
            case LeaseChoice.Own own -> throw new IllegalStateException("a transaction made a lease");
        };
    }

    private Result.Range range(Operation.Range range) {
        List<Item> items = new ArrayList<>();
        boolean[] more = {false};
        draft.scan(range.range(), (key, live) -> {
            more[0] = items.size() == range.limit();
            if (!more[0]) {
                items.add(item(key, live));
            }
            return !more[0] && answerBytes <= answerBytesMax;
        });
        return new Result.Range(List.copyOf(items), more[0]);
    }

    private Item item(Key key, Live live) {
        answerBytes += OutcomeCodec.sizeBound(key, live);
        return new Item(key, live);
    }

    private boolean holds(Comparison comparison) {
        return switch (comparison) {
            case Comparison.OfNumber of ->
                holds(of.relation(), Long.compare(numberOf(of, draft.before(of.key())), of.operand()));
            case Comparison.OfValue of ->
                draft.live(of.key())
                        .map(live -> holds(of.relation(), live.value().compareTo(of.operand())))
                        .orElse(false);
        };
    }

    private static long numberOf(Comparison.OfNumber comparison, Numbers numbers) {
        return switch (comparison.field()) {
            case VERSION -> numbers.version();
            case CREATE_REVISION -> numbers.createRevision();
            case MOD_REVISION -> numbers.modRevision();
        };
    }

    private static boolean holds(Relation relation, int order) {
        return switch (relation) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case GREATER -> order > 0;
        };
    }
}
