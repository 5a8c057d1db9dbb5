package dev.parley.store.kv;

/**
 * One version of one key. Revisions count from 1. {@code modRevision} is the revision that wrote this version.
 */
public sealed interface Version {
    long modRevision();

    /**
     * A value.
     *
     * @param createRevision revision of the put that created the key (again, after a delete)
     * @param version 1 at creation, one more with each put
     * @param lease id of the lease the key dies with; {@link LeaseId#NONE} when it stands by itself
     * @param contentType as given by the writer
     */
    record Live(long createRevision, long modRevision, long version, long lease, String contentType, Bytes value)
            implements Version {}

    /** The key was deleted at this revision. */
    record Tombstone(long modRevision) implements Version {}
}
