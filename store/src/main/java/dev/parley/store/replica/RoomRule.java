package dev.parley.store.replica;

import dev.parley.store.kv.Command;
import dev.parley.store.kv.Command.ClientCommand;
import dev.parley.store.kv.Command.Operation;
import dev.parley.store.kv.Command.SystemCommand;
import dev.parley.store.kv.ConfigCommand;
import dev.parley.store.kv.LockCommand;
import dev.parley.store.kv.ProcessCommand;
import dev.parley.store.replica.StateStore.Room;
import java.util.stream.Stream;

/**
 * What may be proposed while the disk is nearly full: what the cluster needs to go on, always; what frees room, though it
 * takes a little of it first, down to half of the reserve; what takes room, not at all.
 */
final class RoomRule {
    private enum Need {
        /** Keeps what there is alive, or leads to less of it, and adds next to nothing. */
        NONE,
        /** Takes a little, and gives more back once it is merged. */
        FOR_A_WHILE,
        LASTING
    }

    private RoomRule() {}

    static boolean admits(Room room, Command command) {
        Need need =
                switch (command) {
                    case SystemCommand system -> Need.NONE;
                    case ClientCommand client -> need(client);
                };
        return switch (room) {
            case ENOUGH -> true;
            case SHORT -> need != Need.LASTING;
            case SPENT -> need == Need.NONE;
        };
    }

    private static Need need(ClientCommand command) {
        return switch (command) {
            case Command.Put put -> Need.LASTING;
            case Command.Delete delete -> Need.FOR_A_WHILE;
            case Command.DeleteRange delete -> Need.FOR_A_WHILE;
            case Command.Transaction transaction -> puts(transaction) ? Need.LASTING : Need.FOR_A_WHILE;
            case Command.GrantLease grant -> Need.LASTING;
            case Command.KeepLeaseAlive keep -> Need.NONE;
            case Command.RevokeLease revoke -> Need.FOR_A_WHILE;
            case Command.Compact compact -> Need.NONE;
            case Command.Restore restore -> Need.LASTING;
            case Command.AppendEntry append -> Need.LASTING;
            case Command.LoadEntries load -> Need.LASTING;
            case LockCommand lock -> need(lock);
            case ConfigCommand config -> need(config);
            case Command.PutHook put -> Need.LASTING;
            case Command.DeleteHook delete -> Need.FOR_A_WHILE;
            case ProcessCommand process -> need(process);
        };
    }

    private static Need need(ProcessCommand command) {
        return switch (command) {
            case ProcessCommand.PutProcess put -> Need.LASTING;
            case ProcessCommand.PutRecord put -> put.value().isPresent() ? Need.LASTING : Need.FOR_A_WHILE;
            case ProcessCommand.SteerProcess steer -> Need.NONE;
            case ProcessCommand.DeleteProcess delete -> Need.FOR_A_WHILE;
        };
    }

    private static Need need(ConfigCommand command) {
        return switch (command) {
            case ConfigCommand.Propose propose -> Need.LASTING;
            case ConfigCommand.PutSchema put -> Need.LASTING;
            case ConfigCommand.DeleteSchema delete -> Need.FOR_A_WHILE;
            case ConfigCommand.ReportConfig report -> Need.LASTING;
            case ConfigCommand.CastVote vote -> Need.NONE;
            case ConfigCommand.AbortProposal abort -> Need.NONE;
        };
    }

    private static Need need(LockCommand command) {
        return switch (command) {
            case LockCommand.Acquire acquire -> Need.LASTING;
            case LockCommand.SetCandidateValue set -> Need.LASTING;
            case LockCommand.PutGuard put -> Need.LASTING;
            case LockCommand.GiveUp giveUp -> Need.NONE;
            case LockCommand.Release release -> Need.NONE;
            case LockCommand.DeleteGuard delete -> Need.FOR_A_WHILE;
        };
    }

    private static boolean puts(Command.Transaction transaction) {
        return Stream.concat(transaction.success().stream(), transaction.failure().stream())
                .anyMatch(Operation.Put.class::isInstance);
    }
}
