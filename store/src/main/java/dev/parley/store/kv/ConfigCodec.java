package dev.parley.store.kv;

import dev.parley.store.kv.ConfigCommand.Propose;
import dev.parley.store.kv.ConfigCommand.Propose.Quorum;
import dev.parley.store.kv.Outcome.ConfigDone;
import dev.parley.store.kv.Outcome.ConfigRefused;

/** Commands about the configuration and their outcomes as bytes. Kinds 65 to 79 are theirs, in either. */
final class ConfigCodec {
    private static final int FIRST_KIND = 65;
    private static final int LAST_KIND = 79;

    private static final int PROPOSE = 65;
    private static final int CAST_VOTE = 66;
    private static final int ABORT_PROPOSAL = 67;
    private static final int PUT_SCHEMA = 68;
    private static final int DELETE_SCHEMA = 69;
    private static final int REPORT_CONFIG = 70;

    private static final int PROPOSED = 65;
    private static final int SCHEMA_STORED = 66;
    private static final int PATH_CONFLICT = 67;
    private static final int QUORUM_IMPOSSIBLE = 68;
    private static final int SCHEMA_UNKNOWN = 69;
    private static final int CONFIG_REPORTED = 70;

    private static final int MAJORITY = 1;
    private static final int ALL = 2;
    private static final int EXACTLY = 3;

    private ConfigCodec() {}

    static boolean isKind(int kind) {
        return kind >= FIRST_KIND && kind <= LAST_KIND;
    }

    static void write(BinaryWriter out, ConfigCommand command) {
        switch (command) {
            case Propose propose -> {
                out.u8(PROPOSE).i32(propose.changes().size());
                propose.changes().forEach(change -> change.writeTo(out));
                writeQuorum(out, propose.quorum());
                PartCodec.writePrecondition(out, propose.precondition());
                out.text(propose.comment()).i64(propose.timeoutMillis());
            }
            case ConfigCommand.CastVote vote ->
                out.u8(CAST_VOTE).i64(vote.proposal()).flag(vote.ack()).text(vote.reason());
            case ConfigCommand.AbortProposal abort -> out.u8(ABORT_PROPOSAL).i64(abort.proposal());
            case ConfigCommand.PutSchema put ->
                out.u8(PUT_SCHEMA).key(put.prefix()).longBytes(put.json()).i64(put.judgedRevision());
            case ConfigCommand.DeleteSchema delete -> out.u8(DELETE_SCHEMA).key(delete.prefix());
            case ConfigCommand.ReportConfig report -> {
                report.scope().writeTo(out.u8(REPORT_CONFIG).text(report.client()));
                out.i64(report.revision()).flag(report.applied()).text(report.reason());
            }
        }
    }

    static ConfigCommand readCommand(int kind, BinaryReader in) {
        return switch (kind) {
            case PROPOSE ->
                new Propose(
                        in.list(Limits.CHANGES_PER_PROPOSAL_MAX, () -> ConfigChange.read(in)),
                        readQuorum(in),
                        PartCodec.readPrecondition(in),
                        in.text(),
                        in.i64());
            case CAST_VOTE -> new ConfigCommand.CastVote(in.i64(), in.flag(), in.text());
            case ABORT_PROPOSAL -> new ConfigCommand.AbortProposal(in.i64());
            case PUT_SCHEMA -> new ConfigCommand.PutSchema(in.key(), in.longBytes(Limits.VALUE_BYTES_MAX), in.i64());
            case DELETE_SCHEMA -> new ConfigCommand.DeleteSchema(in.key());
            case REPORT_CONFIG ->
                new ConfigCommand.ReportConfig(in.text(), ConfigScope.read(in), in.i64(), in.flag(), in.text());
            default -> throw new Malformed("no command has kind " + kind);
        };
    }

    private static void writeQuorum(BinaryWriter out, Quorum quorum) {
        switch (quorum) {
            case Quorum.Majority majority -> out.u8(MAJORITY);
            case Quorum.All all -> out.u8(ALL);
            case Quorum.Exactly(int votes) -> out.u8(EXACTLY).i32(votes);
        }
    }

    private static Quorum readQuorum(BinaryReader in) {
        int kind = in.u8();
        return switch (kind) {
            case MAJORITY -> new Quorum.Majority();
            case ALL -> new Quorum.All();
            case EXACTLY -> new Quorum.Exactly(in.i32());
            default -> throw new Malformed("no quorum has kind " + kind);
        };
    }

    static void write(BinaryWriter out, ConfigDone done) {
        switch (done) {
            case Outcome.Proposed proposed -> out.u8(PROPOSED).i64(proposed.proposal());
            case Outcome.SchemaStored stored ->
                out.u8(SCHEMA_STORED).i64(stored.revision()).flag(stored.created());
            case Outcome.ConfigReported reported ->
                out.u8(CONFIG_REPORTED).i64(reported.revision()).flag(reported.created());
        }
    }

    static void write(BinaryWriter out, ConfigRefused refused) {
        switch (refused) {
            case Outcome.PathConflict conflict ->
                out.u8(PATH_CONFLICT).key(conflict.path()).key(conflict.other());
            case Outcome.QuorumImpossible impossible ->
                out.u8(QUORUM_IMPOSSIBLE).i32(impossible.required()).i32(impossible.voters());
            case Outcome.SchemaUnknown unknown -> out.u8(SCHEMA_UNKNOWN).key(unknown.prefix());
        }
    }

    static Outcome readOutcome(int kind, BinaryReader in) {
        return switch (kind) {
            case PROPOSED -> new Outcome.Proposed(in.i64());
            case SCHEMA_STORED -> new Outcome.SchemaStored(in.i64(), in.flag());
            case PATH_CONFLICT -> new Outcome.PathConflict(in.key(), in.key());
            case QUORUM_IMPOSSIBLE -> new Outcome.QuorumImpossible(in.i32(), in.i32());
            case CONFIG_REPORTED -> new Outcome.ConfigReported(in.i64(), in.flag());
            case SCHEMA_UNKNOWN -> new Outcome.SchemaUnknown(in.key());
            default -> throw new Malformed("no outcome has kind " + kind);
        };
    }
}
