package dev.parley.consistency.cluster;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends what containers say to each other through links on this machine, at their gateway: addresses are rewritten where packets leave, so that no container
 * knows. For kernels that cannot be slow by themselves.
 */
final class DockerSlowNetwork implements SlowNetwork {
    private static final List<Integer> PORTS = List.of(7070, 2181, 2888, 3888);
    /** Whoever is connected says something within so long. */
    private static final long BREAK_NANOS = 1_500_000_000L;

    private final List<Machine> machines;
    private final List<Link> links = new ArrayList<>();

    DockerSlowNetwork(List<Machine> machines, String gateway, Link.Delay delay, long bytesPerSecond) {
        this.machines = machines.stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .toList();
        try {
            InetAddress on = InetAddress.getByName(gateway);
            List<StringBuilder> rules =
                    this.machines.stream().map(machine -> new StringBuilder()).toList();
            for (Machine called : machines) {
                for (int port : PORTS) {
                    Link link = new Link(on, new InetSocketAddress(called.address(), port), delay, bytesPerSecond);
                    links.add(link);
                    for (int caller = 0; caller < this.machines.size(); caller++) {
                        if (this.machines.get(caller) != called) {
                            rules.get(caller)
                                    .append("iptables -w -t nat -A SLOW -p tcp -d " + called.address() + " --dport "
                                            + port
                                            + " -j DNAT --to-destination " + gateway + ":" + link.port()
                                            + " || exit 1\n");
                        }
                    }
                }
            }
            for (int i = 0; i < this.machines.size(); i++) {
                this.machines
                        .get(i)
                        .shell("iptables -w -t nat -N SLOW || exit 1\n" + rules.get(i)
                                + "iptables -w -t nat -I OUTPUT -j SLOW");
            }
            breakConnections();
        } catch (UnknownHostException notAnAddress) {
            throw new IllegalArgumentException(notAnAddress);
        } catch (RuntimeException refused) {
            close();
            throw refused;
        }
    }

    /** Addresses are rewritten for new connections only. */
    private void breakConnections() {
        for (Machine machine : machines) {
            StringBuilder script = new StringBuilder("iptables -w -N BREAK || exit 1\n");
            machines.stream()
                    .filter(other -> other != machine)
                    .forEach(other -> script.append("iptables -w -A BREAK -p tcp -s " + other.address()
                            + " -j REJECT --reject-with tcp-reset\n"));
            machine.shell(script.append("iptables -w -I INPUT -j BREAK").toString());
        }
        LockSupport.parkNanos(BREAK_NANOS);
        machines.forEach(DockerSlowNetwork::stopBreaking);
    }

    private static void stopBreaking(Machine machine) {
        machine.shell("iptables -w -D INPUT -j BREAK 2>/dev/null; iptables -w -F BREAK 2>/dev/null;"
                + " iptables -w -X BREAK 2>/dev/null; true");
    }

    @Override
    public long delayedBytes() {
        return links.stream().mapToLong(Link::delayedBytes).sum();
    }

    @Override
    public void close() {
        machines.stream()
                .filter(machine -> machine.state() == Machine.State.RUNNING)
                .forEach(machine -> {
                    stopBreaking(machine);
                    machine.shell("iptables -w -t nat -D OUTPUT -j SLOW 2>/dev/null;"
                            + " iptables -w -t nat -F SLOW 2>/dev/null; iptables -w -t nat -X SLOW 2>/dev/null; true");
                });
        links.forEach(Link::close);
        links.clear();
    }
}
