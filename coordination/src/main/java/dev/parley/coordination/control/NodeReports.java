package dev.parley.coordination.control;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.PeerService;
import dev.parley.store.kv.BinaryReader;
import dev.parley.store.kv.BinaryWriter;
import dev.parley.store.kv.Bytes;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** What the other nodes say of themselves over the links, newest only. Any thread. */
public final class NodeReports implements PeerService {
    /** Its number on the links. */
    public static final int SERVICE = 200;

    private final Map<String, Reported> newest = new ConcurrentHashMap<>();

    /**
     * @param ready linearizable reads and writes are served
     * @param leaving it takes no new work
     * @param revision it has applied
     */
    public record Report(boolean ready, boolean leaving, long revision) {
        public Bytes encode() {
            return new BinaryWriter(16).flag(ready).flag(leaving).i64(revision).toBytes();
        }

        static Report decode(Bytes message) {
            BinaryReader in = new BinaryReader(message);
            Report report = new Report(in.flag(), in.flag(), in.i64());
            in.expectEnd();
            return report;
        }
    }

    private record Reported(PeerIdentity from, Report report) {}

    /** Empty when this process of the node said nothing yet. */
    public Optional<Report> of(PeerIdentity node) {
        return Optional.ofNullable(newest.get(node.node()))
                .filter(reported -> reported.from().equals(node))
                .map(Reported::report);
    }

    @Override
    public void received(PeerIdentity from, Bytes message) {
        newest.put(from.node(), new Reported(from, Report.decode(message)));
    }

    @Override
    public void connected(PeerIdentity peer, Lane lane) {}

    @Override
    public void removed(String node) {
        newest.remove(node);
    }
}
