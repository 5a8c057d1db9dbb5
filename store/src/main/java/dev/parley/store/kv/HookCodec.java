package dev.parley.store.kv;

import dev.parley.store.kv.Command.HookCommand;

/** The kinds 54 to 56 of commands, and 54 and 55 of outcomes. */
final class HookCodec {
    private static final int PUT_HOOK = 54;
    private static final int DELETE_HOOK = 55;
    private static final int HOOK_TOLD = 56;

    static final int HOOK_STORED = 54;
    static final int HOOK_UNKNOWN = 55;

    private HookCodec() {}

    static boolean isKind(int kind) {
        return kind >= PUT_HOOK && kind <= HOOK_TOLD;
    }

    static void write(BinaryWriter out, HookCommand command) {
        switch (command) {
            case Command.PutHook put ->
                out.u8(PUT_HOOK)
                        .text(put.id())
                        .text(put.event())
                        .text(put.url())
                        .i32(put.priority());
            case Command.DeleteHook delete -> out.u8(DELETE_HOOK).text(delete.id());
        }
    }

    static void write(BinaryWriter out, Command.HookTold told) {
        out.u8(HOOK_TOLD).i64(told.epoch()).text(told.id()).i64(told.created()).i64(told.sequence());
    }

    static Command readCommand(int kind, BinaryReader in) {
        return switch (kind) {
            case PUT_HOOK -> new Command.PutHook(in.text(), in.text(), in.text(), in.i32());
            case DELETE_HOOK -> new Command.DeleteHook(in.text());
            case HOOK_TOLD -> new Command.HookTold(in.i64(), in.text(), in.i64(), in.i64());
            default -> throw new Malformed("no command has kind " + kind);
        };
    }
}
