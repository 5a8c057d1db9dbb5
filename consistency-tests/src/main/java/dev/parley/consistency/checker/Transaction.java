package dev.parley.consistency.checker;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;
import java.util.ArrayList;
import java.util.List;

/**
 * An operation made of appends to lists and reads of whole lists.
 *
 * @param node place among the transactions of the history
 */
record Transaction(int node, Operation operation, List<Step> steps) {

    /** One step, in the order of the transaction. */
    sealed interface Step {
        String key();

        record Append(String key, Json element) implements Step {}

        /** A read; its elements are meaningful only when the transaction is known to have happened. */
        record Read(String key, List<Json> elements) implements Step {}
    }

    static Transaction of(int node, Operation operation) {
        if (!operation.f().equals("txn")) {
            throw new MalformedHistoryException("line " + Math.max(1, operation.invokedLine())
                    + ": the model list-append has no operation " + operation.f());
        }
        Json value = operation.ok() && !operation.output().isNull() ? operation.output() : operation.input();
        if (!(value instanceof Json.Array(List<Json> items))) {
            throw malformed(operation, value);
        }
        List<Step> steps = new ArrayList<>();
        items.forEach(item -> steps.add(step(operation, item)));
        return new Transaction(node, operation, steps);
    }

    private static Step step(Operation operation, Json item) {
        if (item instanceof Json.Array(List<Json> parts)
                && parts.size() == 3
                && parts.get(0) instanceof Json.Text(String f)) {
            String key = parts.get(1) instanceof Json.Text(String text)
                    ? text
                    : parts.get(1).text();
            Json argument = parts.get(2);
            if (f.equals("append")) {
                return new Step.Append(key, argument);
            }
            if (f.equals("r") && argument instanceof Json.Array(List<Json> elements)) {
                return new Step.Read(key, elements);
            }
            if (f.equals("r") && argument.isNull()) {
                return new Step.Read(key, List.of());
            }
        }
        throw malformed(operation, item);
    }

    private static MalformedHistoryException malformed(Operation operation, Json value) {
        return new MalformedHistoryException("line " + operation.line()
                + ": the value of a txn is a list of [\"append\", key, element] and [\"r\", key, list or null], not "
                + value.text());
    }

    boolean happened() {
        return operation.ok();
    }

    boolean failed() {
        return operation.failed();
    }

    int line() {
        return operation.line();
    }

    /** The transaction in words. */
    String name() {
        return "the transaction at line " + line();
    }
}
