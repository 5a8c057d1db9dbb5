package dev.parley.store.kv;

import java.util.List;

/**
 * What one revision changed, who asked for it and when. Kept by revision, for watches and history.
 *
 * @param atMillis agreed time in Unix milliseconds: for people, never for decisions
 * @param node the node that proposed it
 * @param author as given by the client, unverified; empty when none was given
 * @param changes in the order they were made; a key appears once
 * @param seal the revision's part of the tree of all of them
 */
public record RevisionRecord(
        long revision, long atMillis, String node, String author, List<Change> changes, Seal seal) {
    public record Change(Keyspace keyspace, Key key) {}

    /** Of a revision that is not sealed yet. */
    public RevisionRecord(long revision, long atMillis, String node, String author, List<Change> changes) {
        this(revision, atMillis, node, author, changes, Seal.NONE);
    }

    RevisionRecord sealed(Seal with) {
        return new RevisionRecord(revision, atMillis, node, author, changes, with);
    }
}
