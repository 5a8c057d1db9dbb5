package dev.parley.store.table;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 of whole files: what scrub, transfers and backups compare. */
final class Digests {
    private Digests() {}

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

    static String sha256Of(Path file) throws IOException {
        MessageDigest digest = sha256();
        ByteBuffer part = ByteBuffer.allocateDirect(1 << 20);
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            while (in.read(part.clear()) >= 0) {
                digest.update(part.flip());
            }
        }
        return hex(digest);
    }

    static String sha256Of(MappedFile file) {
        MessageDigest digest = sha256();
        for (long at = 0; at < file.sizeBytes(); at += MappedFile.SLICE_BYTES) {
            digest.update(file.sliceAt(at).duplicate().rewind());
        }
        return hex(digest);
    }
}
