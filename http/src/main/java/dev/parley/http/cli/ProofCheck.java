package dev.parley.http.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.parley.store.kv.Bytes;
import dev.parley.store.kv.Key;
import dev.parley.store.kv.Keyspace;
import dev.parley.store.kv.LeafCodec;
import dev.parley.store.kv.LeafCodec.Leaf;
import dev.parley.store.kv.LeafCodec.LeafChange;
import dev.parley.store.kv.Malformed;
import dev.parley.store.kv.Version;
import dev.parley.store.merkle.Hash;
import dev.parley.store.merkle.Hasher;
import dev.parley.store.merkle.Verifier;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Checks what a node says against what it proves. Nothing is believed but the hashes: an answer that does not add up is a
 * {@link CommandFailure} that says what is wrong.
 */
final class ProofCheck {
    private ProofCheck() {}

    /**
     * A root the client keeps.
     *
     * @param root binds {@code count}, the leaves of its tree
     */
    record Root(long revision, long count, Hash root) {
        /** As it is printed, to be given again. */
        String text() {
            return revision + ":" + count + ":" + root.hex();
        }

        static Optional<Root> parse(String text) {
            String[] parts = text.split(":", -1);
            try {
                return parts.length == 3
                        ? Optional.of(
                                new Root(Long.parseLong(parts[0]), Long.parseLong(parts[1]), Hash.ofHex(parts[2])))
                        : Optional.empty();
            } catch (IllegalArgumentException malformed) {
                return Optional.empty();
            }
        }
    }

    /** That a key has this version, by the answer of {@code /v1/proof}. @return the root that it is in */
    static Root inclusion(String key, Version.Live version, JsonNode proof) {
        Bytes content = Bytes.wrap(bytes(proof, "content"));
        Leaf leaf = leaf(content);
        require(leaf.revision() == version.modRevision(), "the leaf is of revision " + leaf.revision());
        require(says(leaf, key, version), "the leaf does not say that " + key + " has this value");
        Root root = new Root(number(proof, "of"), number(proof, "count"), hash(proof.path("root")));
        Hash hash = new Hasher().leaf(content.unsafeArray());
        require(
                Verifier.includes(root.root(), root.count(), number(proof, "index"), hash, path(proof)),
                "the path does not lead from the leaf to the root");
        return root;
    }

    private static boolean says(Leaf leaf, String key, Version.Live version) {
        Hash item = LeafCodec.item(new Hasher(), Keyspace.KV, Key.of(key), version);
        return leaf.changes().contains(new LeafChange(Keyspace.KV.code(), Key.of(key), Optional.of(item)));
    }

    private static Leaf leaf(Bytes content) {
        try {
            return LeafCodec.decode(content);
        } catch (Malformed malformed) {
            throw notProven("the leaf is malformed: " + malformed.getMessage());
        }
    }

    /** That {@code later} goes on from {@code earlier}, by the answer of {@code /v1/proof/consistency}. */
    static void consistency(Root earlier, Root later, JsonNode proof) {
        require(
                Verifier.continues(earlier.root(), earlier.count(), later.root(), later.count(), path(proof)),
                "the history was rewritten: what it is now does not go on from the root at revision "
                        + earlier.revision());
    }

    private static List<Hash> path(JsonNode proof) {
        List<Hash> path = new ArrayList<>();
        proof.path("path").forEach(hash -> path.add(hash(hash)));
        return path;
    }

    private static Hash hash(JsonNode hex) {
        try {
            return Hash.ofHex(hex.asText());
        } catch (IllegalArgumentException malformed) {
            throw notProven("the proof is malformed");
        }
    }

    private static byte[] bytes(JsonNode proof, String field) {
        try {
            return HexFormat.of().parseHex(proof.path(field).asText());
        } catch (IllegalArgumentException malformed) {
            throw notProven("the proof is malformed");
        }
    }

    private static long number(JsonNode proof, String field) {
        require(proof.path(field).isIntegralNumber(), "the proof has no " + field);
        return proof.path(field).asLong();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw notProven(otherwise);
        }
    }

    private static CommandFailure notProven(String why) {
        return new CommandFailure(ExitCode.FAILED, "not proven: " + why);
    }
}
