package dev.parley.store.kv;

import java.util.Optional;
import java.util.OptionalLong;

/** About what is to run, and what processes write down for themselves. */
public sealed interface ProcessCommand extends Command.ClientCommand {
    /** Registers a process: it is placed and started from now on. The same again changes nothing. */
    record PutProcess(String name, ProcessSpecification specification) implements ProcessCommand {
        public PutProcess {
            Bounds.name(name);
        }
    }

    /** Ends a process, with all it wrote down for itself. */
    record DeleteProcess(String name) implements ProcessCommand {
        public DeleteProcess {
            Bounds.name(name);
        }
    }

    /** @param node to move to; empty to leave it open, and for other wishes */
    record SteerProcess(String name, Wish wish, String node) implements ProcessCommand {
        /** The codes are in the log. */
        public enum Wish {
            STOP(1),
            /** Also what is stopped or has failed. */
            RESTART(2),
            MIGRATE(3);

            private final int code;

            Wish(int code) {
                this.code = code;
            }

            int code() {
                return code;
            }

            static Wish of(int code) {
                for (Wish each : values()) {
                    if (each.code == code) {
                        return each;
                    }
                }
                throw new Malformed("no wish " + code);
            }
        }

        public SteerProcess {
            Bounds.name(name);
            Bounds.text("node", node);
        }
    }

    /**
     * Writes or takes away one of a process's own records. Needs a fence of that process.
     *
     * @param value empty for a deletion
     * @param onlyAt the modification revision it must have, 0 when it must not exist
     */
    record PutRecord(String name, Key id, Optional<Bytes> value, String contentType, OptionalLong onlyAt)
            implements ProcessCommand {
        public PutRecord {
            Bounds.name(name);
            Bounds.size("id", id.bytes(), Limits.RECORD_ID_BYTES_MAX);
            value.ifPresent(Bounds::value);
            Bounds.text("content type", contentType);
        }
    }
}
