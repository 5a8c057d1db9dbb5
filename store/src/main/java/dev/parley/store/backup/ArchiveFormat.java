package dev.parley.store.backup;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * An archive: lines of text, each of which may have the bytes of a file behind it. Everything is covered by a hash: a
 * file by the one in its line, everything by the one in the last line, and that line must be the last thing there is.
 *
 * <pre>
 *   parley-backup 1
 *   cluster parley                            the cluster it was taken of
 *   taken 1790000000000                       when, Unix ms, by the clock of the node that was asked
 *   file MANIFEST 391 sha256 ab…              as many bytes follow, and then at once the next line
 *   file 12.table 131140 sha256 cd…           each file that the manifest names, in its order
 *   end sha256 ef…                            of every byte before this line
 * </pre>
 */
final class ArchiveFormat {
    static final String FIRST_LINE = "parley-backup 1";
    static final String MANIFEST = "MANIFEST";
    static final Pattern CLUSTER = Pattern.compile("cluster ([A-Za-z0-9][A-Za-z0-9._-]{0,127})");
    static final Pattern TAKEN = Pattern.compile("taken (\\d{1,15})");
    static final Pattern FILE =
            Pattern.compile("file (MANIFEST|\\d{1,18}\\.(?:table|values)) (\\d{1,18}) sha256 ([0-9a-f]{64})");
    static final Pattern END = Pattern.compile("end sha256 ([0-9a-f]{64})");

    /** No line is longer. */
    static final int LINE_BYTES_MAX = 256;

    /** A manifest is read as a whole; one of so many bytes names more tables than there ever are. */
    static final int MANIFEST_BYTES_MAX = 16 << 20;

    static final int CHUNK_BYTES = 1 << 18;

    private ArchiveFormat() {}

    static String file(String name, long sizeBytes, String sha256) {
        return "file " + name + " " + sizeBytes + " sha256 " + sha256;
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static String hex(MessageDigest digest) {
        return HexFormat.of().formatHex(digest.digest());
    }
}
