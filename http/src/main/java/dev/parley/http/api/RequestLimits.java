package dev.parley.http.api;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Limits;
import java.util.List;

/**
 * What one request may bring: at most what the cluster agreed on, less where configured. They bind what is written, not
 * what is read or deleted, so what is there already stays within reach.
 *
 * @param keyBytes of a key that is put
 * @param valueBytes of a value
 * @param operations of each branch of a transaction
 * @param requestBytes of a body, and of a line of a bulk load
 */
public record RequestLimits(int keyBytes, int valueBytes, int operations, int requestBytes) {
    public static final RequestLimits AGREED = new RequestLimits(
            Key.SIZE_BYTES_MAX,
            Limits.VALUE_BYTES_MAX,
            Limits.OPERATIONS_PER_TRANSACTION_MAX,
            JsonObject.BODY_BYTES_MAX);

    public RequestLimits {
        require("keyBytes", keyBytes, Key.SIZE_BYTES_MAX);
        require("valueBytes", valueBytes, Limits.VALUE_BYTES_MAX);
        require("operations", operations, Limits.OPERATIONS_PER_TRANSACTION_MAX);
        require("requestBytes", requestBytes, JsonObject.BODY_BYTES_MAX);
    }

    private static void require(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " must be 1 to " + max + ", was " + value);
        }
    }

    /** @throws Problem when the command brings more */
    void check(Command command) {
        if (this == AGREED) {
            return; // no command exists that brings more
        }
        switch (command) {
            case Command.Put put -> {
                key(put.key(), "");
                value(put.value().size(), "");
            }
            case Command.Transaction transaction -> {
                operations(transaction.success(), "/success");
                operations(transaction.failure(), "/failure");
            }
            default -> {}
        }
    }

    private void operations(List<Operation> list, String branch) {
        if (list.size() > operations) {
            throw Problem.field(branch, "A transaction must have at most " + operations + " operations.");
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Operation.Put put) {
                key(put.key(), branch + "/" + i + "/put/key");
            }
        }
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Operation.Put put) {
                value(put.value().size(), branch + "/" + i + "/put/value");
            }
        }
    }

    private void key(Key key, String pointer) {
        if (key.bytes().size() > keyBytes) {
            throw problem(ProblemType.MALFORMED_KEY, pointer, "A key must have at most " + keyBytes + " bytes.");
        }
    }

    private void value(int size, String pointer) {
        if (size > valueBytes) {
            throw problem(ProblemType.BODY_TOO_LARGE, pointer, "A value must have at most " + valueBytes + " bytes.");
        }
    }

    private static Problem problem(ProblemType type, String pointer, String detail) {
        return pointer.isEmpty() ? Problem.of(type, detail) : Problem.of(type, pointer, detail);
    }
}
