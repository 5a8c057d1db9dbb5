package dev.parley.consistency.workload;

import dev.parley.consistency.json.Json;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Checks a proof as docs/reference/proofs.md says it must be checked, with nothing of the product's own. */
final class TreeProof {
    private TreeProof() {}

    /** Whether the proof shows that its content is the leaf at {@code index}, counted from 0. */
    static boolean holds(Json proof, long index) {
        try {
            long count = Store.whole(Store.member(proof, "count"));
            byte[] leaf = sha256(new byte[] {0}, hex(Store.member(proof, "content")));
            return Store.whole(Store.member(proof, "index")) == index
                    && index < count
                    && Arrays.equals(leaf, hex(Store.member(proof, "leaf")))
                    && Arrays.equals(root(proof, leaf, index, count), hex(Store.member(proof, "root")));
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }

    private static byte[] root(Json proof, byte[] leaf, long index, long count) {
        List<Json> path = Store.member(proof, "path") instanceof Json.Array(List<Json> items) ? items : List.of();
        byte[] node = count == 1 ? sha256(new byte[] {1}, leaf, leaf) : leaf;
        long own = index;
        long nodes = count;
        for (Json hash : path) {
            byte[] sibling = hex(hash);
            boolean alone = own % 2 == 0 && own == nodes - 1;
            if (nodes < 2 || alone && !Arrays.equals(sibling, node)) {
                return new byte[0];
            }
            node = own % 2 == 0 ? sha256(new byte[] {1}, node, sibling) : sha256(new byte[] {1}, sibling, node);
            own /= 2;
            nodes = (nodes + 1) / 2;
        }
        return nodes == 1
                ? sha256(
                        new byte[] {2},
                        ByteBuffer.allocate(Long.BYTES).putLong(count).array(),
                        node)
                : new byte[0];
    }

    private static byte[] hex(Json text) {
        return HexFormat.of().parseHex(text instanceof Json.Text(String hex) ? hex : "?");
    }

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
