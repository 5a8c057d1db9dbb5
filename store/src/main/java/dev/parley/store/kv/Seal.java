package dev.parley.store.kv;

import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.SetDigest;
import java.util.List;
import java.util.Optional;

/**
 * What makes history provable, kept with the record of each revision.
 *
 * @param completed the leaf of the revision, and the tops of the subtrees that it completes, upwards; so each hash of
 *     the tree is kept once
 * @param digest of the live state after it; kept with one revision in {@link #REVISIONS_PER_DIGEST} only
 */
public record Seal(List<Hash> completed, Optional<SetDigest> digest) {
    /** Of a record that is not sealed yet, or never will be. */
    public static final Seal NONE = new Seal(List.of(), Optional.empty());

    static final int REVISIONS_PER_DIGEST = 64;

    public Seal {
        completed = List.copyOf(completed);
    }

    void write(BinaryWriter out) {
        out.u8(completed.size());
        completed.forEach(hash -> out.raw(hash.unsafeArray()));
        out.flag(digest.isPresent());
        digest.ifPresent(state -> out.raw(state.toHash().unsafeArray()));
    }

    static Seal read(BinaryReader in) {
        List<Hash> completed = in.repeat(in.u8(), () -> hash(in));
        Optional<SetDigest> digest = in.flag() ? Optional.of(SetDigest.of(hash(in))) : Optional.empty();
        return new Seal(completed, digest);
    }

    static Hash hash(BinaryReader in) {
        return Hash.copyOf(in.raw(Hash.BYTES).unsafeArray(), 0);
    }
}
