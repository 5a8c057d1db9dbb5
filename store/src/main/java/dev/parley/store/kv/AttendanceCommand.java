package dev.parley.store.kv;

import java.util.List;
import java.util.UUID;

/** What nodes say of who is there and who leads; each makes events, see {@link ClusterEvents}. */
public sealed interface AttendanceCommand extends Command.SystemCommand {
    Origin origin();

    /**
     * Where a command came from, for the events it makes.
     *
     * @param stamp Lamport stamp of the node that proposes it
     * @param correlation of the request or event that caused it; empty when there is none
     */
    record Origin(long stamp, String correlation) {
        public static final Origin NONE = new Origin(0, "");

        public Origin {
            Bounds.notNegative("stamp", stamp);
            Bounds.text("correlation", correlation);
        }
    }

    /**
     * The node's process is there. Refused when it is known to be, or is no member.
     *
     * @param labels {@code key=value}
     * @param expected how many nodes the cluster was meant to begin with, from 1
     */
    record Enter(String node, UUID incarnation, String version, List<String> labels, int expected, Origin origin)
            implements AttendanceCommand {
        public Enter {
            Bounds.node(node);
            Bounds.text("version", version);
            labels = Bounds.list("labels", labels, Limits.LABELS_MAX);
            labels.forEach(label -> Bounds.text("label", label));
        }
    }

    /** The node stops, and says so itself. Refused when another incarnation is there. */
    record Leave(String node, UUID incarnation, Origin origin) implements AttendanceCommand {
        public Leave {
            Bounds.node(node);
        }
    }

    /** The leader saw that the node's session ended. @param graceful the node had said that it stops */
    record Expire(long epoch, String node, UUID incarnation, boolean graceful, Origin origin)
            implements AttendanceCommand {
        public Expire {
            Bounds.node(node);
        }
    }

    /** Ends an epoch. Its holder stands back for a while, so that another one leads, if there is one. */
    record Resign(long epoch, Origin origin) implements AttendanceCommand {}
}
