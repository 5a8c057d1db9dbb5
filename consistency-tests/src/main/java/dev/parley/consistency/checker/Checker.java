package dev.parley.consistency.checker;

import dev.parley.consistency.history.History;

/** Judges a history. */
public interface Checker {

    /**
     * Judges within the limits; what does not fit them is {@link Answer#UNKNOWN}.
     *
     * @throws dev.parley.consistency.history.MalformedHistoryException when the history has operations this check does not know
     */
    Verdict check(History history, Limits limits);
}
