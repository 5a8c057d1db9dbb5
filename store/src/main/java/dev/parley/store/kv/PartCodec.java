package dev.parley.store.kv;

import dev.parley.store.kv.Command.Comparison;
import dev.parley.store.kv.Command.Comparison.Field;
import dev.parley.store.kv.Command.Comparison.Relation;
import dev.parley.store.kv.Command.LeaseChoice;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Command.Precondition;
import dev.parley.store.kv.Command.Precondition.Match;
import java.time.Duration;
import java.util.Optional;

/** The parts of commands as bytes. Codes are part of the format: append only. */
final class PartCodec {
    private static final int ABSENT = 0;
    private static final int ANY = 1;
    private static final int ONE_OF = 2;

    private static final int NO_LEASE = 0;
    private static final int EXISTING_LEASE = 1;
    private static final int OWN_LEASE = 2;

    private static final int OF_NUMBER = 1;
    private static final int OF_VALUE = 2;

    private static final int PUT = 1;
    private static final int GET = 2;
    private static final int DELETE = 3;
    private static final int RANGE = 4;

    private PartCodec() {}

    static void writeLeaseChoice(BinaryWriter out, LeaseChoice choice) {
        switch (choice) {
            case LeaseChoice.None none -> out.u8(NO_LEASE);
            case LeaseChoice.Existing existing -> out.u8(EXISTING_LEASE).i64(existing.lease());
            case LeaseChoice.Own own -> out.u8(OWN_LEASE).i64(own.ttl().toMillis());
        }
    }

    static LeaseChoice readLeaseChoice(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case NO_LEASE -> new LeaseChoice.None();
            case EXISTING_LEASE -> new LeaseChoice.Existing(in.i64());
            case OWN_LEASE -> new LeaseChoice.Own(Duration.ofMillis(in.i64()));
            default -> throw new Malformed("no choice of lease has kind " + kind);
        };
    }

    static void writePrecondition(BinaryWriter out, Precondition precondition) {
        writeMatch(out, precondition.ifMatch());
        writeMatch(out, precondition.ifNoneMatch());
    }

    static Precondition readPrecondition(BinaryReader in) {
        Match ifMatch = readMatch(in);
        Match ifNoneMatch = readMatch(in);
        return ifMatch instanceof Match.Absent && ifNoneMatch instanceof Match.Absent
                ? Precondition.NONE
                : new Precondition(ifMatch, ifNoneMatch);
    }

    private static void writeMatch(BinaryWriter out, Match match) {
        switch (match) {
            case Match.Absent absent -> out.u8(ABSENT);
            case Match.Any any -> out.u8(ANY);
            case Match.OneOf oneOf -> {
                out.u8(ONE_OF).i32(oneOf.revisions().size());
                oneOf.revisions().forEach(out::i64);
            }
        }
    }

    private static Match readMatch(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case ABSENT -> new Match.Absent();
            case ANY -> new Match.Any();
            case ONE_OF -> new Match.OneOf(in.list(Limits.TAGS_PER_CONDITION_MAX, in::i64));
            default -> throw new Malformed("no condition has kind " + kind);
        };
    }

    static void writeRange(BinaryWriter out, KeyRange range) {
        out.shortBytes(range.start().unsafeArray());
        out.flag(range.end().isPresent());
        range.end().ifPresent(end -> out.shortBytes(end.unsafeArray()));
    }

    static KeyRange readRange(BinaryReader in) {
        Bytes start = in.shortBytes();
        return new KeyRange(start, in.flag() ? Optional.of(in.shortBytes()) : Optional.empty());
    }

    static void writeComparison(BinaryWriter out, Comparison comparison) {
        switch (comparison) {
            case Comparison.OfNumber of ->
                out.u8(OF_NUMBER)
                        .key(of.key())
                        .u8(codeOf(of.relation()))
                        .u8(codeOf(of.field()))
                        .i64(of.operand());
            case Comparison.OfValue of ->
                out.u8(OF_VALUE).key(of.key()).u8(codeOf(of.relation())).longBytes(of.operand());
        }
    }

    static Comparison readComparison(BinaryReader in) {
        int kind = in.u8();
        Key key = in.key();
        Relation relation = relationOf(in.u8());
        return switch (kind) {
            case OF_NUMBER -> new Comparison.OfNumber(key, fieldOf(in.u8()), relation, in.i64());
            case OF_VALUE -> new Comparison.OfValue(key, relation, in.longBytes(Limits.VALUE_BYTES_MAX));
            default -> throw new Malformed("no comparison has kind " + kind);
        };
    }

    static void writeOperation(BinaryWriter out, Operation operation) {
        switch (operation) {
            case Operation.Put put -> {
                out.u8(PUT).key(put.key()).contentType(put.contentType()).longBytes(put.value());
                writeLeaseChoice(out, put.lease());
            }
            case Operation.Get get -> out.u8(GET).key(get.key());
            case Operation.Delete delete -> writeRange(out.u8(DELETE), delete.range());
            case Operation.Range range -> {
                writeRange(out.u8(RANGE), range.range());
                out.i32(range.limit());
            }
        }
    }

    static Operation readOperation(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case PUT -> {
                Key key = in.key();
                String contentType = in.contentType();
                Bytes value = in.longBytes(Limits.VALUE_BYTES_MAX);
                yield new Operation.Put(key, value, contentType, readLeaseChoice(in));
            }
            case GET -> new Operation.Get(in.key());
            case DELETE -> new Operation.Delete(readRange(in));
            case RANGE -> new Operation.Range(readRange(in), in.i32());
            default -> throw new Malformed("no operation has kind " + kind);
        };
    }

    private static int codeOf(Relation relation) {
        return switch (relation) {
            case EQUAL -> 1;
            case NOT_EQUAL -> 2;
            case LESS -> 3;
            case GREATER -> 4;
        };
    }

    private static Relation relationOf(int code) {
        return switch (code) {
            case 1 -> Relation.EQUAL;
            case 2 -> Relation.NOT_EQUAL;
            case 3 -> Relation.LESS;
            case 4 -> Relation.GREATER;
            default -> throw new Malformed("no relation has code " + code);
        };
    }

    private static int codeOf(Field field) {
        return switch (field) {
            case VERSION -> 1;
            case CREATE_REVISION -> 2;
            case MOD_REVISION -> 3;
        };
    }

    private static Field fieldOf(int code) {
        return switch (code) {
            case 1 -> Field.VERSION;
            case 2 -> Field.CREATE_REVISION;
            case 3 -> Field.MOD_REVISION;
            default -> throw new Malformed("no field has code " + code);
        };
    }
}
