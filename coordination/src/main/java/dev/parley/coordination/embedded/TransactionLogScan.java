package dev.parley.coordination.embedded;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.Adler32;

/**
 * Reads ZooKeeper's transaction logs before ZooKeeper does. ZooKeeper takes the first record it cannot read for the
 * end of the file and goes on without what follows; one flipped bit in a length can cost every later write.
 *
 * <pre>
 *   offset  bytes  field
 *        0      4  "ZKLG"
 *        4      4  version, 2
 *        8      8  database id
 *   then records:
 *        0      8  Adler-32 of the content, big endian
 *        8      4  n, length of the content, above 0
 *       12      n  content: header and transaction
 *     12+n      1  'B'
 *   then zeros: the file grows in blocks ahead of the writing
 * </pre>
 */
final class TransactionLogScan {
    private static final int HEADER_BYTES = 16;
    private static final int RECORD_HEAD_BYTES = 12;
    private static final byte RECORD_END = 'B';
    /** A record starts with the transaction's header: session, cxid, zxid, time and type. */
    private static final int CONTENT_BYTES_MIN = 32;
    /**
     * A disk writes at least this much at once, so a write that was cut leaves a whole sector of zeros. A changed
     * last record that holds such a sector by itself is taken for torn: the one case that cannot be told apart.
     */
    private static final int SECTOR_BYTES = 512;

    private TransactionLogScan() {}

    /** Looks through every log in {@code directory}, oldest first; what is clean is left out. */
    static List<LogVerdict> scanDirectory(Path directory) {
        List<LogVerdict> verdicts = new ArrayList<>();
        for (Path log : logsIn(directory)) {
            LogVerdict verdict = scan(log);
            if (!(verdict instanceof LogVerdict.Clean)) {
                verdicts.add(verdict);
            }
        }
        return verdicts;
    }

    static List<Path> logsIn(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().matches("log\\.[0-9a-f]+"))
                    .sorted(Comparator.comparingLong(TransactionLogScan::firstZxid))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static long firstZxid(Path log) {
        return Long.parseUnsignedLong(log.getFileName().toString().substring("log.".length()), 16);
    }

    static LogVerdict scan(Path log) {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            ByteBuffer content = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            return scan(log, content);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static LogVerdict scan(Path log, ByteBuffer bytes) {
        int size = bytes.limit();
        if (size < HEADER_BYTES || isZero(bytes, 0, HEADER_BYTES)) {
            return isZero(bytes, 0, size) || size < HEADER_BYTES
                    ? new LogVerdict.TornTail(log, 0)
                    : new LogVerdict.Damaged(log, 0, "the file's header is blank but records follow");
        }
        byte[] magic = new byte[4];
        bytes.get(0, magic);
        if (!new String(magic, US_ASCII).equals("ZKLG") || bytes.getInt(4) != 2) {
            return new LogVerdict.Damaged(log, 0, "the file does not begin as a transaction log");
        }
        int offset = HEADER_BYTES;
        while (offset < size) {
            int end = endOfWholeRecord(bytes, offset);
            if (end < 0) {
                return judge(log, bytes, offset);
            }
            offset = end;
        }
        return new LogVerdict.Clean();
    }

    /** The record at {@code offset} is not whole: the padding, a torn write, or damage. */
    private static LogVerdict judge(Path log, ByteBuffer bytes, int offset) {
        if (isZero(bytes, offset, bytes.limit())) {
            return new LogVerdict.Clean();
        }
        for (int later = offset + 1; later < bytes.limit() - RECORD_HEAD_BYTES; later++) {
            if (endOfWholeRecord(bytes, later) >= 0) {
                return new LogVerdict.Damaged(log, offset, "a whole record follows at " + later);
            }
        }
        int length = offset + RECORD_HEAD_BYTES <= bytes.limit() ? bytes.getInt(offset + 8) : 0;
        int end = lastWritten(bytes, offset);
        boolean lengthFits = length >= CONTENT_BYTES_MIN && length <= JvmSettings.PACKET_BYTES_MAX * 2;
        if (lengthFits && end > offset + RECORD_HEAD_BYTES + (long) length + 1) {
            return new LogVerdict.Damaged(log, offset, "more than one record's bytes follow");
        }
        boolean reachesItsEnd = lengthFits && end == offset + RECORD_HEAD_BYTES + length + 1;
        if (reachesItsEnd && !hasBlankSector(bytes, offset, end)) {
            return new LogVerdict.Damaged(log, offset, "the last record was written whole, and changed since");
        }
        if (bytes.get(end - 1) == RECORD_END && wasLength(bytes, offset, end)) {
            return new LogVerdict.Damaged(log, offset, "the last record is whole but for its length");
        }
        return new LogVerdict.TornTail(log, offset);
    }

    /** Offset behind the record at {@code offset}; -1 when there is no whole record. */
    private static int endOfWholeRecord(ByteBuffer bytes, int offset) {
        if (offset + RECORD_HEAD_BYTES > bytes.limit()) {
            return -1;
        }
        long checksum = bytes.getLong(offset);
        int length = bytes.getInt(offset + 8);
        long end = (long) offset + RECORD_HEAD_BYTES + length;
        if (checksum >>> 32 != 0 || length < CONTENT_BYTES_MIN || end >= bytes.limit()) {
            return -1;
        }
        if (bytes.get((int) end) != RECORD_END) {
            return -1;
        }
        Adler32 adler = new Adler32();
        adler.update(bytes.slice(offset + RECORD_HEAD_BYTES, length));
        return adler.getValue() == checksum ? (int) end + 1 : -1;
    }

    /** Whether the checksum at {@code offset} is that of everything up to the terminator before {@code end}. */
    private static boolean wasLength(ByteBuffer bytes, int offset, int end) {
        int length = end - 1 - offset - RECORD_HEAD_BYTES;
        if (length < CONTENT_BYTES_MIN) {
            return false;
        }
        Adler32 adler = new Adler32();
        adler.update(bytes.slice(offset + RECORD_HEAD_BYTES, length));
        return adler.getValue() == bytes.getLong(offset);
    }

    private static int lastWritten(ByteBuffer bytes, int from) {
        int end = bytes.limit();
        while (end > from + 1 && bytes.get(end - 1) == 0) {
            end--;
        }
        return end;
    }

    private static boolean hasBlankSector(ByteBuffer bytes, int from, int to) {
        int sector = Math.ceilDiv(from, SECTOR_BYTES) * SECTOR_BYTES;
        for (; sector + SECTOR_BYTES <= to; sector += SECTOR_BYTES) {
            if (isZero(bytes, sector, sector + SECTOR_BYTES)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isZero(ByteBuffer bytes, int from, int to) {
        int position = from;
        for (; position + 8 <= to; position += 8) {
            if (bytes.getLong(position) != 0) {
                return false;
            }
        }
        for (; position < to; position++) {
            if (bytes.get(position) != 0) {
                return false;
            }
        }
        return true;
    }
}
