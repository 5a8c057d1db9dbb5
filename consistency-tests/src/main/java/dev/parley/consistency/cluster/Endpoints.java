package dev.parley.consistency.cluster;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Somebody's running cluster: it is used and left as it is, apart from the keys the workload writes. */
public final class Endpoints implements Cluster {
    private final List<Machine> machines = new ArrayList<>();

    public Endpoints(List<URI> urls) {
        for (URI url : urls) {
            machines.add(new Remote("n" + (machines.size() + 1), url));
        }
    }

    @Override
    public List<Machine> machines() {
        return List.copyOf(machines);
    }

    @Override
    public Set<Ability> abilities() {
        return Set.of();
    }

    @Override
    public String describe() {
        return machines.size() + " given endpoints, no faults";
    }

    @Override
    public void close() {
        // It is not ours to stop.
    }

    private record Remote(String name, URI url) implements Machine {
        @Override
        public State state() {
            return State.RUNNING;
        }

        @Override
        public void kill() {
            throw untouchable();
        }

        @Override
        public void stop() {
            throw untouchable();
        }

        @Override
        public void start() {
            throw untouchable();
        }

        @Override
        public void pause() {
            throw untouchable();
        }

        @Override
        public void resume() {
            throw untouchable();
        }

        @Override
        public String log() {
            return "";
        }

        @Override
        public String shell(String script) {
            throw untouchable();
        }

        @Override
        public String onDisk(String script) {
            throw untouchable();
        }

        @Override
        public String address() {
            return url.getHost();
        }

        private ClusterException untouchable() {
            return new ClusterException("the cluster behind " + url + " is not the suite's to disturb");
        }
    }
}
