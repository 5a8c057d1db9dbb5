package dev.parley.store.kv;

import dev.parley.store.kv.AttendanceCommand.Origin;

/** The kinds 50 to 59 of commands and outcomes. */
final class AttendanceCodec {
    private static final int ENTER = 50;
    private static final int LEAVE = 51;
    private static final int EXPIRE = 52;
    private static final int RESIGN = 53;

    static final int OFFICE_RESIGNED = 50;

    private AttendanceCodec() {}

    static boolean isKind(int kind) {
        return kind >= ENTER && kind <= RESIGN;
    }

    static void write(BinaryWriter out, AttendanceCommand command) {
        switch (command) {
            case AttendanceCommand.Enter enter -> {
                out.u8(ENTER).text(enter.node()).uuid(enter.incarnation()).text(enter.version());
                out.i32(enter.labels().size());
                enter.labels().forEach(out::text);
                out.i32(enter.expected());
            }
            case AttendanceCommand.Leave leave ->
                out.u8(LEAVE).text(leave.node()).uuid(leave.incarnation());
            case AttendanceCommand.Expire expire ->
                out.u8(EXPIRE)
                        .i64(expire.epoch())
                        .text(expire.node())
                        .uuid(expire.incarnation())
                        .flag(expire.graceful());
            case AttendanceCommand.Resign resign -> out.u8(RESIGN).i64(resign.epoch());
        }
        out.i64(command.origin().stamp()).text(command.origin().correlation());
    }

    static AttendanceCommand read(int kind, BinaryReader in) {
        return switch (kind) {
            case ENTER ->
                new AttendanceCommand.Enter(
                        in.text(), in.uuid(), in.text(), in.list(Limits.LABELS_MAX, in::text), in.i32(), origin(in));
            case LEAVE -> new AttendanceCommand.Leave(in.text(), in.uuid(), origin(in));
            case EXPIRE -> new AttendanceCommand.Expire(in.i64(), in.text(), in.uuid(), in.flag(), origin(in));
            case RESIGN -> new AttendanceCommand.Resign(in.i64(), origin(in));
            default -> throw new Malformed("no command has kind " + kind);
        };
    }

    private static Origin origin(BinaryReader in) {
        return new Origin(in.i64(), in.text());
    }
}
