package dev.parley.store.kv;

import java.util.List;

/** About the configuration that the members agree on. */
public sealed interface ConfigCommand extends Command.ClientCommand {
    /**
     * Proposes changes of the configuration, all or none. The proposer has judged them and found them good.
     *
     * @param changes of different paths, at least one
     * @param precondition on the only path; {@link Precondition#NONE} when there are several
     * @param timeoutMillis after which the proposer means to give up
     */
    record Propose(
            List<ConfigChange> changes, Quorum quorum, Precondition precondition, String comment, long timeoutMillis)
            implements ConfigCommand {
        /** How many acks of the voters it takes. */
        public sealed interface Quorum {
            int of(int voters);

            record Majority() implements Quorum {
                @Override
                public int of(int voters) {
                    return voters / 2 + 1;
                }
            }

            record All() implements Quorum {
                @Override
                public int of(int voters) {
                    return voters;
                }
            }

            /** @param votes at least 1; more than there are voters is refused */
            record Exactly(int votes) implements Quorum {
                @Override
                public int of(int voters) {
                    return votes;
                }
            }
        }

        public Propose {
            changes = Bounds.list("changes", changes, Limits.CHANGES_PER_PROPOSAL_MAX);
            Bounds.changes(changes, precondition);
            Bounds.text("comment", comment);
            Bounds.notNegative("timeout", timeoutMillis);
            if (quorum instanceof Quorum.Exactly(int votes) && votes < 1) {
                throw new IllegalArgumentException("a quorum needs a vote");
            }
        }
    }

    /** What the node that sends it thinks of a proposal; its first vote counts. */
    record CastVote(long proposal, boolean ack, String reason) implements ConfigCommand {
        public CastVote {
            Bounds.notNegative("proposal", proposal);
            Bounds.text("reason", reason);
        }
    }

    /** Ends a proposal that is still pending. */
    record AbortProposal(long proposal) implements ConfigCommand {
        public AbortProposal {
            Bounds.notNegative("proposal", proposal);
        }
    }

    /**
     * Attaches a schema to all paths with a prefix.
     *
     * @param judgedRevision the configuration was judged by it as of this revision; 0 to attach it in any case
     */
    record PutSchema(Key prefix, Bytes json, long judgedRevision) implements ConfigCommand {
        public PutSchema {
            Bounds.value(json);
        }
    }

    record DeleteSchema(Key prefix) implements ConfigCommand {}

    /**
     * What a client says of a part of the configuration.
     *
     * @param client a name
     * @param revision that it runs, or refused; not above the newest
     * @param reason of a refusal; may be empty
     */
    record ReportConfig(String client, ConfigScope scope, long revision, boolean applied, String reason)
            implements ConfigCommand {
        public ReportConfig {
            Bounds.name(client);
            Bounds.notNegative("revision", revision);
            Bounds.text("reason", reason);
        }
    }
}
