package dev.parley.store.kv;

import dev.parley.store.kv.Version.Live;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The proposals, read from any view. A proposal and its end are versions in {@link Keyspace#PROPOSAL}; the votes on a
 * pending one are a cell, because a vote makes no revision.
 */
public final class Proposals {
    private Proposals() {}

    /** Empty when it never was, or is among those forgotten. */
    public static Optional<Proposal> find(MapView view, long id) {
        return view.liveAt(Keyspace.PROPOSAL, Proposal.keyOf(id), Long.MAX_VALUE)
                .map(live -> withVotes(view, Proposal.decode(live.value())));
    }

    /** Ids of those that are not decided, oldest first. */
    public static List<Long> pending(MapView view) {
        List<Long> ids = new ArrayList<>();
        view.cells(Cells.VOTES, (name, content) -> ids.add(Cells.numberOf(Cells.VOTES, name)));
        return List.copyOf(ids);
    }

    /** Newest first. */
    public static List<Proposal> newest(MapView view, int countMax) {
        List<Proposal> proposals = new ArrayList<>();
        view.scan(Keyspace.PROPOSAL, KeyRange.ALL, Long.MAX_VALUE, true, (key, live) -> {
            proposals.add(withVotes(view, Proposal.decode(live.value())));
            return proposals.size() < countMax;
        });
        return List.copyOf(proposals);
    }

    private static Proposal withVotes(MapView view, Proposal proposal) {
        if (!proposal.isPending()) {
            return proposal;
        }
        Proposal voted = proposal;
        List<Proposal.Vote> votes = view.cell(Cells.votes(proposal.id()))
                .map(content -> Proposal.readVotes(new BinaryReader(content)))
                .orElse(List.of());
        for (Proposal.Vote vote : votes) {
            voted = voted.with(vote);
        }
        return voted;
    }

    static long count(MapView view) {
        return Cells.number(view, Cells.PROPOSAL_COUNT, 0);
    }

    /** A new one, or its end, as of {@code revision}. */
    static void put(StateMap map, Proposal proposal, long revision) {
        long version = proposal.isPending() ? 1 : 2;
        map.put(
                Keyspace.PROPOSAL,
                Proposal.keyOf(proposal.id()),
                new Live(proposal.id(), revision, version, LeaseId.NONE, "", proposal.encode()));
        if (!proposal.isPending()) {
            map.removeCell(Cells.votes(proposal.id()));
        }
    }

    /** Those of a pending one; the proposal itself, as it was put, has none. */
    static void putVotes(StateMap map, Proposal proposal) {
        BinaryWriter out = new BinaryWriter(64);
        Proposal.writeVotes(out, proposal.votes());
        map.putCell(Cells.votes(proposal.id()), out.toBytes());
    }
}
