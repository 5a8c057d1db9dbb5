package dev.parley.store.backup;

import dev.parley.store.backup.Archive.Contents;
import dev.parley.store.backup.Archive.Verdict;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads an archive once, from its first byte to its last, and believes nothing. One thread. */
final class ArchiveReader {
    /** Where the files go. */
    interface Sink {
        /** @param content ends where the file ends; what is not read of it is skipped */
        void file(String name, InputStream content) throws IOException;
    }

    private final InputStream in;
    private final Sink sink;
    private final MessageDigest all = ArchiveFormat.sha256();
    private final List<Checkpoint.File> files = new ArrayList<>();
    private byte[] manifest = {};
    private String where = "the first line";
    private long bytes;

    ArchiveReader(InputStream in, Sink sink) {
        this.in = in;
        this.sink = sink;
    }

    /** Something is not as it was written. */
    private static final class Damage extends RuntimeException {
        private static final long serialVersionUID = 1;

        Damage(String what) {
            super(what);
        }
    }

    Verdict read() throws IOException {
        try {
            return new Verdict.Sound(contents());
        } catch (Damage damage) {
            return new Verdict.Damaged(where, String.valueOf(damage.getMessage()));
        }
    }

    private Contents contents() throws IOException {
        if (!line().equals(ArchiveFormat.FIRST_LINE)) {
            throw new Damage("it is no backup, or of a version that this program cannot read");
        }
        where = "the line of the cluster";
        String cluster = match(ArchiveFormat.CLUSTER, line()).group(1);
        where = "the line of the time";
        long takenAtMillis = Long.parseLong(match(ArchiveFormat.TAKEN, line()).group(1));
        where = "the line of " + ArchiveFormat.MANIFEST;
        String end = line();
        while (!end.startsWith("end ")) {
            file(match(ArchiveFormat.FILE, end));
            where = "the line behind " + files.getLast().name();
            end = lineOrEnd();
        }
        return new Contents(cluster, takenAtMillis, described(), bytes);
    }

    // -- lines ------------------------------------------------------------------------------------------------------

    private String line() throws IOException {
        byte[] line = rawLine();
        all.update(line);
        return text(line);
    }

    /** The end's own line is covered by itself: it must be what the hash of all before it makes of it. */
    private String lineOrEnd() throws IOException {
        byte[] line = rawLine();
        String text = text(line);
        if (!text.startsWith("end ")) {
            all.update(line);
            return text;
        }
        where = "the last line";
        String expected = ArchiveFormat.hex(all);
        if (!match(ArchiveFormat.END, text).group(1).equals(expected)) {
            throw new Damage("the archive does not have the hash that it names");
        }
        if (in.read() >= 0) {
            throw new Damage("something follows the end");
        }
        return text;
    }

    private byte[] rawLine() throws IOException {
        byte[] line = new byte[ArchiveFormat.LINE_BYTES_MAX];
        for (int length = 0; length < line.length; ) {
            int next = in.read();
            if (next < 0) {
                throw new Damage("the archive ends before its end");
            }
            bytes++;
            line[length++] = (byte) next;
            if (next == '\n') {
                return java.util.Arrays.copyOf(line, length);
            }
        }
        throw new Damage("it is too long");
    }

    private static String text(byte[] line) {
        return new String(line, 0, line.length - 1, StandardCharsets.ISO_8859_1);
    }

    private static Matcher match(Pattern form, String line) {
        Matcher matcher = form.matcher(line);
        if (!matcher.matches()) {
            throw new Damage("it does not have the form of such a line");
        }
        return matcher;
    }

    // -- files ------------------------------------------------------------------------------------------------------

    private void file(Matcher line) throws IOException {
        var file = new Checkpoint.File(line.group(1), Long.parseLong(line.group(2)), line.group(3));
        boolean isManifest = file.name().equals(ArchiveFormat.MANIFEST);
        if (isManifest != files.isEmpty()) {
            throw new Damage(ArchiveFormat.MANIFEST + " must be the first file, and only the first");
        }
        if (files.stream().anyMatch(earlier -> earlier.name().equals(file.name()))) {
            throw new Damage(file.name() + " is there twice");
        }
        if (isManifest && file.sizeBytes() > ArchiveFormat.MANIFEST_BYTES_MAX) {
            throw new Damage("no " + ArchiveFormat.MANIFEST + " is so large");
        }
        where = file.name();
        files.add(file);
        Body body = new Body(file.sizeBytes());
        if (isManifest) {
            manifest = body.readAllBytes();
            sink.file(file.name(), new ByteArrayInputStream(manifest));
        } else {
            sink.file(file.name(), body);
        }
        body.end(file.sha256());
    }

    private Checkpoint.Description described() {
        where = ArchiveFormat.MANIFEST;
        try {
            Checkpoint.Description description = Checkpoint.describe(manifest);
            if (!description.files().equals(files.subList(1, files.size()))) {
                throw new Damage("it does not name the files that follow it");
            }
            return description;
        } catch (StoreFailure damaged) {
            throw new Damage(String.valueOf(damaged.getMessage()));
        }
    }

    /** The bytes of one file. */
    private final class Body extends InputStream {
        private final MessageDigest own = ArchiveFormat.sha256();
        private long left;

        Body(long sizeBytes) {
            left = sizeBytes;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            int read = in.read(into, offset, (int) Math.min(length, left));
            if (read < 0) {
                throw new Damage("the archive ends in the middle of it");
            }
            own.update(into, offset, read);
            all.update(into, offset, read);
            left -= read;
            bytes += read;
            return read;
        }

        void end(String sha256) throws IOException {
            transferTo(java.io.OutputStream.nullOutputStream());
            if (!ArchiveFormat.hex(own).equals(sha256)) {
                throw new Damage("it does not have the hash that is named in front of it");
            }
        }
    }
}
