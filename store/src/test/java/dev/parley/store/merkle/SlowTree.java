package dev.parley.store.merkle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** The tree by its definition: all levels, from all leaves, each time. Shares nothing with the product. */
final class SlowTree {
    private SlowTree() {}

    static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }

    static byte[] leaf(String content) {
        return sha256(new byte[] {0}, content.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] inner(byte[] left, byte[] right) {
        return sha256(new byte[] {1}, left, right);
    }

    static List<List<byte[]>> levels(List<byte[]> leaves) {
        List<List<byte[]>> levels = new ArrayList<>();
        levels.add(leaves);
        do {
            List<byte[]> below = levels.getLast();
            List<byte[]> level = new ArrayList<>();
            for (int i = 0; i < below.size(); i += 2) {
                level.add(inner(below.get(i), below.get(Math.min(i + 1, below.size() - 1))));
            }
            levels.add(level);
        } while (levels.getLast().size() > 1);
        return levels;
    }

    static String root(List<byte[]> leaves) {
        byte[] top = leaves.isEmpty() ? sha256() : levels(leaves).getLast().getFirst();
        return bind(leaves.size(), top);
    }

    static String bind(long count, byte[] top) {
        byte[] bound =
                sha256(new byte[] {2}, ByteBuffer.allocate(8).putLong(count).array(), top);
        return HexFormat.of().formatHex(bound);
    }

    static List<String> path(List<byte[]> leaves, int index) {
        List<String> path = new ArrayList<>();
        if (leaves.size() == 1) {
            return path;
        }
        int own = index;
        for (List<byte[]> level : levels(leaves)) {
            if (level.size() > 1) {
                path.add(HexFormat.of().formatHex(level.get(Math.min(own ^ 1, level.size() - 1))));
                own /= 2;
            }
        }
        return path;
    }

    /** Verification written a second time, on hexadecimal text, from the description in docs/reference/proofs.md. */
    static boolean includes(String root, long count, long index, String leaf, List<String> path) {
        int expected = 0;
        for (long nodes = count; nodes > 1; nodes = (nodes + 1) / 2) {
            expected++;
        }
        if (index >= count || path.size() != expected) {
            return false;
        }
        byte[] node = HexFormat.of().parseHex(leaf);
        if (count == 1) {
            node = inner(node, node);
        }
        long own = index;
        long nodes = count;
        for (String hex : path) {
            byte[] sibling = HexFormat.of().parseHex(hex);
            if (own == nodes - 1 && own % 2 == 0 && !java.util.Arrays.equals(sibling, node)) {
                return false;
            }
            node = own % 2 == 1 ? inner(sibling, node) : inner(node, sibling);
            own /= 2;
            nodes = (nodes + 1) / 2;
        }
        return bind(count, node).equals(root);
    }

    /** The same for consistency: rebuilds the rows of both trees from the subtrees that the path names. */
    static boolean continues(String rootFrom, int from, String rootTo, int to, List<String> path) {
        List<Integer> sizes = new ArrayList<>(pieces(0, from));
        sizes.addAll(pieces(from, to));
        if (sizes.size() != path.size()) {
            return false;
        }
        return rootOf(sizes.subList(0, Integer.bitCount(from)), path, from).equals(rootFrom)
                && rootOf(sizes, path, to).equals(rootTo);
    }

    private static List<Integer> pieces(int from, int to) {
        List<Integer> sizes = new ArrayList<>();
        int at = from;
        while (at < to) {
            int size = 1;
            while (at % (2 * size) == 0 && at + 2 * size <= to) {
                size *= 2;
            }
            sizes.add(size);
            at += size;
        }
        return sizes;
    }

    private static String rootOf(List<Integer> sizes, List<String> hashes, int count) {
        if (count == 0) {
            return bind(0, sha256());
        }
        return bind(count, node(sizes, hashes, 0, Math.max(2, ceilPower(count)), count));
    }

    private static int ceilPower(int count) {
        int size = 1;
        while (size < count) {
            size *= 2;
        }
        return size;
    }

    /** The node over the leaves from {@code from} on, {@code width} wide, of which {@code count} are there in all. */
    private static byte[] node(List<Integer> sizes, List<String> hashes, int from, int width, int count) {
        int at = 0;
        for (int i = 0; i < sizes.size(); i++) {
            if (at == from && sizes.get(i) == width) {
                return HexFormat.of().parseHex(hashes.get(i));
            }
            at += sizes.get(i);
        }
        byte[] left = node(sizes, hashes, from, width / 2, count);
        boolean alone = from + width / 2 >= count;
        return inner(left, alone ? left : node(sizes, hashes, from + width / 2, width / 2, count));
    }
}
