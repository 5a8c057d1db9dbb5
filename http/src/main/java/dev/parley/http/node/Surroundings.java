package dev.parley.http.node;

import dev.parley.coordination.membership.Member;
import dev.parley.http.api.NodeFacts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** What this node sees of the world right now, for those who ask it. */
final class Surroundings implements NodeFacts {
    private final LongSupplier nanos;
    private final long startNanos;
    private final String mode;
    private final AtomicReference<BooleanSupplier> connected = new AtomicReference<>(() -> false);
    private final AtomicReference<Supplier<Duration>> sessionTimeout =
            new AtomicReference<>(() -> Duration.ofSeconds(6));
    private final AtomicReference<Supplier<Set<String>>> suspected = new AtomicReference<>(Set::of);
    private final AtomicReference<List<Member>> present = new AtomicReference<>(List.of());
    private final AtomicReference<Optional<Path>> tables = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Optional<Rebuild>> rebuild = new AtomicReference<>(Optional.empty());
    private final AtomicReference<Set<String>> alive = new AtomicReference<>(Set.of());

    Surroundings(LongSupplier nanos, boolean embedded) {
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
        this.mode = embedded ? "embedded" : "external";
    }

    /** @param now whether ZooKeeper is in reach at the moment of the question */
    void connected(BooleanSupplier now) {
        connected.set(now);
    }

    /** @param now how long this node may be silent before the others take it for gone */
    void sessionTimeout(Supplier<Duration> now) {
        sessionTimeout.set(now);
    }

    Duration sessionTimeout() {
        return sessionTimeout.get().get();
    }

    /** @param now who does not answer probes at the moment of the question */
    void suspected(Supplier<Set<String>> now) {
        suspected.set(now);
    }

    void rebuild(Optional<Rebuild> now) {
        rebuild.set(now);
    }

    @Override
    public Optional<Rebuild> rebuild() {
        return rebuild.get();
    }

    void setAsideIn(Path tables) {
        this.tables.set(Optional.of(tables));
    }

    @Override
    public List<String> setAside() {
        return tables.get().map(LocalTables::setAside).orElse(List.of());
    }

    /** Where the other nodes are that are there now. */
    List<String> urlsOfOthers(String self) {
        return present.get().stream()
                .filter(member -> !member.leaving() && !member.node().equals(self))
                .map(Member::url)
                .toList();
    }

    void present(List<Member> members) {
        present.set(List.copyOf(members));
        var names = new TreeSet<String>();
        members.stream().filter(member -> !member.leaving()).map(Member::node).forEach(names::add);
        alive.set(Set.copyOf(names));
    }

    /** Who has a session, those who are leaving among them. */
    List<Member> everyone() {
        return present.get();
    }

    @Override
    public Duration uptime() {
        return Duration.ofNanos(nanos.getAsLong() - startNanos);
    }

    @Override
    public NodeFacts.ZooKeeper zookeeper() {
        return new NodeFacts.ZooKeeper(connected.get().getAsBoolean() ? "connected" : "suspended", mode);
    }

    @Override
    public Set<String> suspected() {
        return suspected.get().get();
    }

    @Override
    public Set<String> alive() {
        return alive.get();
    }
}
