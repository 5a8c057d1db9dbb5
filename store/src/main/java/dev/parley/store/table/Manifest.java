package dev.parley.store.table;

import dev.parley.store.log.LogIndex;
import dev.parley.store.replica.StateStore.Position;
import dev.parley.store.replica.StoreFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * What a table directory holds, and of which point of which log. The one file that is replaced; all others are written
 * once. Text, for people who have to look, with a checksum as its last line:
 *
 * <pre>
 *   parley-tables 1
 *   store 7f8c…                                   the directory's id
 *   log 2b1e…                                     or "-" before it follows one
 *   applied 1234 stamp 567 revision 890           the tables hold exactly what entries up to this one made
 *   table 12 size 131140 sha256 ab… values 0 sha256 e3… entries 900 subjects 400 revisions 20 890
 *   crc32c 0123abcd                               of everything before this line
 * </pre>
 *
 * @param tables newest first
 */
record Manifest(UUID store, Optional<UUID> log, Position position, List<TableInfo> tables) {
    static final String FILE = "MANIFEST";

    private static final String FIRST_LINE = "parley-tables 1";
    private static final String CHECKSUM = "crc32c ";

    static Manifest fresh(UUID store) {
        return new Manifest(store, Optional.empty(), Position.START, List.of());
    }

    /** The same in another directory. */
    Manifest withStore(UUID id) {
        return new Manifest(id, log, position, tables);
    }

    Manifest withLog(UUID id) {
        return new Manifest(store, Optional.of(id), position, tables);
    }

    /** After a flush, which made a table unless there was nothing but a new position. */
    Manifest withFlushed(Position flushed, Optional<TableInfo> table) {
        return new Manifest(
                store,
                log,
                flushed,
                Stream.concat(table.stream(), tables.stream()).toList());
    }

    /** After a merge of {@code merged}, which are neighbours, into one or, when nothing was left, none. */
    Manifest withMerged(List<TableInfo> merged, Optional<TableInfo> table) {
        List<TableInfo> left = new ArrayList<>(tables);
        int at = left.indexOf(merged.getFirst());
        left.subList(at, at + merged.size()).clear();
        table.ifPresent(info -> left.add(at, info));
        return new Manifest(store, log, position, List.copyOf(left));
    }

    byte[] encode() {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        text.append("store ").append(store).append('\n');
        text.append("log ").append(log.map(UUID::toString).orElse("-")).append('\n');
        text.append("applied ").append(position.applied());
        text.append(" stamp ").append(position.stamp());
        text.append(" revision ").append(position.revision()).append('\n');
        for (TableInfo table : tables) {
            text.append(line(table)).append('\n');
        }
        byte[] body = text.toString().getBytes(StandardCharsets.US_ASCII);
        return text.append(checksumLine(body, body.length)).toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static String line(TableInfo table) {
        return "table " + table.number() + " size " + table.sizeBytes() + " sha256 " + table.sha256() + " values "
                + table.valuesBytes() + " sha256 " + table.valuesSha256() + " entries " + table.entries()
                + " subjects " + table.subjects() + " revisions " + table.revisionMin() + " " + table.revisionMax();
    }

    private static String checksumLine(byte[] body, int length) {
        CRC32C crc = new CRC32C();
        crc.update(body, 0, length);
        return CHECKSUM + String.format("%08x", crc.getValue()) + "\n";
    }

    /** @throws StoreFailure when these bytes are not exactly what {@link #encode} made */
    static Manifest decode(byte[] encoded) {
        int body = encoded.length - checksumLine(encoded, 0).length();
        if (body < 0
                || !Arrays.equals(
                        checksumLine(encoded, body).getBytes(StandardCharsets.US_ASCII),
                        Arrays.copyOfRange(encoded, body, encoded.length))) {
            throw new StoreFailure(FILE + " is damaged: its checksum does not fit");
        }
        List<String> lines =
                new String(encoded, 0, body, StandardCharsets.US_ASCII).lines().toList();
        try {
            return parse(lines);
        } catch (RuntimeException unknown) {
            throw new StoreFailure(FILE + " is of a version that this one cannot read", unknown);
        }
    }

    private static Manifest parse(List<String> lines) {
        if (!lines.getFirst().equals(FIRST_LINE)) {
            throw new IllegalArgumentException("it begins with " + lines.getFirst());
        }
        Words store = new Words(lines.get(1)).skip("store");
        Words log = new Words(lines.get(2)).skip("log");
        String logId = log.next();
        Words position = new Words(lines.get(3));
        return new Manifest(
                UUID.fromString(store.next()),
                logId.equals("-") ? Optional.empty() : Optional.of(UUID.fromString(logId)),
                new Position(
                        new LogIndex(position.skip("applied").number()),
                        position.skip("stamp").number(),
                        position.skip("revision").number()),
                lines.stream().skip(4).map(Manifest::table).toList());
    }

    private static TableInfo table(String line) {
        Words words = new Words(line);
        return new TableInfo(
                words.skip("table").number(),
                words.skip("size").number(),
                words.skip("sha256").next(),
                words.skip("values").number(),
                words.skip("sha256").next(),
                words.skip("entries").number(),
                words.skip("subjects").number(),
                words.skip("revisions").number(),
                words.number());
    }

    /** A line, word by word. */
    private static final class Words {
        private final String[] words;
        private int at;

        Words(String line) {
            words = line.split(" ");
        }

        String next() {
            return words[at++];
        }

        long number() {
            return Long.parseLong(next());
        }

        Words skip(String expected) {
            String word = next();
            if (!word.equals(expected)) {
                throw new IllegalArgumentException("\"" + word + "\" where \"" + expected + "\" belongs");
            }
            return this;
        }
    }
}
