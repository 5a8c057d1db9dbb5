package dev.parley.consistency.model;

import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.json.Json;

/** Reads the arguments of operations, or says what is wrong with them. */
final class Arguments {
    private Arguments() {}

    /** What a write wrote: its argument, or the value its completion repeats when the invocation has none. */
    static Json written(Operation write) {
        return write.input().isNull() && write.ok() ? write.output() : write.input();
    }

    /** The two values of a compare-and-set. */
    static Json.Array pair(Operation cas) {
        Json value = written(cas);
        if (value instanceof Json.Array pair && pair.items().size() == 2) {
            return pair;
        }
        throw new MalformedHistoryException(
                "line " + cas.invokedLine() + ": the value of a cas is [from, to], not " + value.text());
    }

    static MalformedHistoryException unknownOperation(String model, Operation operation) {
        return new MalformedHistoryException("line " + Math.max(operation.invokedLine(), 1) + ": the model " + model
                + " has no operation " + operation.f());
    }

    static String text(Json value) {
        String text = value.isNull() ? "nothing" : value.text();
        return text.length() <= 80 ? text : text.substring(0, 38) + "…" + text.substring(text.length() - 38);
    }
}
