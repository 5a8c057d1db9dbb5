package dev.parley.coordination.group;

import dev.parley.coordination.gossip.Lane;
import dev.parley.coordination.gossip.Mesh;
import dev.parley.coordination.gossip.PeerIdentity;
import dev.parley.coordination.gossip.PeerService;
import dev.parley.coordination.gossip.Priority;
import dev.parley.store.kv.Bytes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Groups: who is in which, as this node sees it, and messages to all in one. Answers from what this node knows, without
 * asking anybody. Any thread.
 */
public final class Groups implements PeerService, AutoCloseable {
    /** Its number on the links. */
    public static final int SERVICE = 1;

    /** Members that may have joined through one node. */
    public static final int OWN_MAX = 10_000;

    /** Of what a member brings with it, in JSON. */
    public static final int DATA_BYTES_MAX = 4 << 10;

    /** Of a message to a group, in JSON. */
    public static final int MESSAGE_BYTES_MAX = 64 << 10;

    private static final int PART_BYTES_MAX = 256 << 10;
    private static final long LOOK_EVERY_NANOS = 50_000_000;
    private static final int ROUNDS_BETWEEN_WORDS = 20;

    private final Mesh mesh;
    private final LongSupplier nanos;
    private final LongSupplier epochMillis;
    private final GroupState state;
    private final Map<String, List<Consumer<GroupEvent>>> listeners = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread keeper = Thread.ofPlatform().daemon().name("groups").unstarted(this::keep);

    /** One join; the member leaves when all its joins here are undone. */
    public interface Membership extends AutoCloseable {
        /** Leaves. May be called twice. */
        @Override
        void close();
    }

    private Groups(Mesh mesh, LongSupplier nanos, LongSupplier epochMillis) {
        this.mesh = mesh;
        this.nanos = nanos;
        this.epochMillis = epochMillis;
        this.state = new GroupState(mesh.self().node());
    }

    /** Before the mesh starts. @param nanos a monotonic clock; @param epochMillis the wall clock, for people */
    public static Groups open(Mesh mesh, LongSupplier nanos, LongSupplier epochMillis) {
        Groups groups = new Groups(mesh, nanos, epochMillis);
        mesh.register(SERVICE, groups);
        groups.keeper.start();
        return groups;
    }

    // -- for those who join
    // ---------------------------------------------------------------------------------------------

    /** Joins until the membership is closed, or this process ends. The same member may join again, and leaves as often. */
    public Membership join(String group, String member, Bytes data) {
        settle(() -> state.join(group, member, data, OptionalLong.empty(), epochMillis.getAsLong()));
        AtomicBoolean left = new AtomicBoolean();
        return () -> {
            if (left.compareAndSet(false, true)) {
                settle(() -> state.leaveOnce(group, member));
            }
        };
    }

    /** What became of a member. */
    public enum Kept {
        JOINED,
        KEPT_ALIVE,
        /** {@link #OWN_MAX} members joined through this node. */
        REFUSED
    }

    /** Joins, or stays, for {@code ttl} from now on. */
    public Kept keepAlive(String group, String member, Bytes data, Duration ttl) {
        synchronized (state) {
            boolean known = state.find(group, member).isPresent();
            if (!known && state.ownCount() >= OWN_MAX) {
                return Kept.REFUSED;
            }
            long end = nanos.getAsLong() + ttl.toNanos();
            settle(() -> state.join(group, member, data, OptionalLong.of(end), epochMillis.getAsLong()));
            return known ? Kept.KEPT_ALIVE : Kept.JOINED;
        }
    }

    /** Takes a member out, whichever node it joined through. Without effect when there is none. */
    public void leave(String group, String member) {
        settle(() -> state.leave(group, member));
    }

    // -- for those who look
    // ---------------------------------------------------------------------------------------------

    /** Members that joined through any reachable node, in the order of their names. */
    public List<GroupMember> members(String group) {
        synchronized (state) {
            return state.members(group, false);
        }
    }

    /** Members that joined through this node. */
    public List<GroupMember> localMembers(String group) {
        synchronized (state) {
            return state.members(group, true);
        }
    }

    /**
     * From now on told what happens in a group, in order. The listener must not block.
     *
     * @return ends it
     */
    public AutoCloseable listen(String group, Consumer<GroupEvent> listener) {
        synchronized (state) {
            listeners
                    .computeIfAbsent(group, none -> new CopyOnWriteArrayList<>())
                    .add(listener);
        }
        return () -> {
            synchronized (state) {
                listeners.computeIfPresent(group, (name, list) -> {
                    list.remove(listener);
                    return list.isEmpty() ? null : list;
                });
            }
        };
    }

    /** Sends a message to all who listen to the group, on every reachable node. @return how many members it has */
    public int broadcast(String group, Bytes data) {
        synchronized (state) {
            mesh.sendToAll(SERVICE, Priority.EVENTS, new GroupMessage.Broadcast(group, data).encode());
            tell(Map.of(group, List.of(new GroupEvent.Message(mesh.self().node(), data))));
            return state.members(group, false).size();
        }
    }

    // -- between nodes
    // --------------------------------------------------------------------------------------------------

    /** A change of the state. */
    private interface Step {
        GroupState.Outcome take();
    }

    private GroupState.Outcome settle(Step step) {
        synchronized (state) { // so that changes are sent, and told, in the order of their versions
            GroupState.Outcome outcome = step.take();
            outcome.toPeers().ifPresent(message -> mesh.sendToAll(SERVICE, Priority.CONTROL, message.encode()));
            tell(outcome.events());
            return outcome;
        }
    }

    private void tell(Map<String, List<GroupEvent>> events) {
        events.forEach((group, happened) -> Optional.ofNullable(listeners.get(group))
                .ifPresent(listening -> listening.forEach(listener -> happened.forEach(listener))));
    }

    @Override
    public void received(PeerIdentity from, Bytes content) {
        GroupMessage message = GroupMessage.decode(content);
        if (message instanceof GroupMessage.Ask) {
            sendEverything(from.node());
            return;
        }
        if (settle(() -> state.received(from.node(), from.incarnation(), message))
                .ask()) {
            mesh.send(from.node(), SERVICE, Priority.CONTROL, new GroupMessage.Ask().encode());
        }
    }

    @Override
    public void connected(PeerIdentity peer, Lane lane) {
        if (lane == Lane.CONTROL) {
            sendEverything(peer.node());
        }
    }

    private void sendEverything(String node) {
        synchronized (state) {
            List<Entry> part = new ArrayList<>();
            int bytes = 0;
            boolean first = true;
            for (Entry entry : state.everything()) {
                if (bytes + entry.bytes() > PART_BYTES_MAX) {
                    send(node, new GroupMessage.Whole(state.version(), first, false, List.copyOf(part)));
                    part.clear();
                    bytes = 0;
                    first = false;
                }
                part.add(entry);
                bytes += entry.bytes();
            }
            send(node, new GroupMessage.Whole(state.version(), first, true, part));
        }
    }

    private void send(String node, GroupMessage message) {
        mesh.send(node, SERVICE, Priority.CONTROL, message.encode());
    }

    @Override
    public void reachable(String node, boolean reachable) {
        settle(() -> state.reachable(node, reachable));
    }

    @Override
    public void removed(String node) {
        settle(() -> state.removed(node));
    }

    /** Ends what is not kept alive, and says now and then which version there is: a change may have been lost. */
    private void keep() {
        for (long round = 1; !closed.get(); round++) {
            settle(() -> state.expire(nanos.getAsLong()));
            if (round % ROUNDS_BETWEEN_WORDS == 0) {
                synchronized (state) {
                    mesh.sendToAll(SERVICE, Priority.CONTROL, new GroupMessage.Newest(state.version()).encode());
                }
            }
            LockSupport.parkNanos(LOOK_EVERY_NANOS);
        }
    }

    @Override
    public void close() {
        closed.set(true);
    }
}
