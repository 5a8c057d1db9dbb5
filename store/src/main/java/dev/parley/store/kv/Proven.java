package dev.parley.store.kv;

import dev.parley.store.merkle.Frontier;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.SetDigest;
import java.util.Optional;

/**
 * What the tree of all revisions and the digest of the live state go on from.
 *
 * <pre>
 *   8 revision, 32 digest, 8 count of leaves, 32 for each peak
 * </pre>
 *
 * @param revision that both are of
 */
record Proven(long revision, Frontier frontier, SetDigest digest) {
    static final Proven START = new Proven(0, Frontier.EMPTY, SetDigest.EMPTY);

    Bytes encode() {
        BinaryWriter out = new BinaryWriter(48 + Hash.BYTES * frontier.peaks().size())
                .i64(revision)
                .raw(digest.toHash().unsafeArray())
                .i64(frontier.count());
        frontier.peaks().forEach(peak -> out.raw(peak.unsafeArray()));
        return out.toBytes();
    }

    static Optional<Proven> in(MapView view, Bytes cell) {
        return view.cell(cell).map(Proven::decode);
    }

    private static Proven decode(Bytes content) {
        BinaryReader in = new BinaryReader(content);
        long revision = in.i64();
        SetDigest digest = SetDigest.of(Seal.hash(in));
        long count = in.i64();
        Frontier frontier = new Frontier(count, in.repeat(Long.bitCount(count), () -> Seal.hash(in)));
        in.expectEnd();
        return new Proven(revision, frontier, digest);
    }
}
