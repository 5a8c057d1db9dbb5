package dev.parley.http.node;

import dev.parley.http.api.NodeFacts.Rebuild;
import dev.parley.http.api.SnapshotOffers.Offer;
import dev.parley.store.replica.SnapshotSource;
import dev.parley.store.replica.StateStore.Incoming;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.Checkpoint.File;
import dev.parley.store.table.IncomingTables;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the tables of another node beside this one's: at first all files, then, in a second round, those that are new
 * since, and only then hands them over. Goes on until it succeeds or the node stops; what was fetched before counts.
 */
final class SnapshotFetch implements SnapshotSource {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotFetch.class);

    private final Path tables;
    private final String secret;
    private final Supplier<List<String>> peers;
    private final Supplier<UUID> ids;
    private final Pause pause;
    private final Consumer<Optional<Rebuild>> progress;

    /**
     * @param peers URLs of the other nodes, as known now
     * @param progress told what it does, for those who look
     */
    SnapshotFetch(
            Path tables,
            String secret,
            Supplier<List<String>> peers,
            Supplier<UUID> ids,
            Pause pause,
            Consumer<Optional<Rebuild>> progress) {
        this.tables = tables;
        this.secret = secret;
        this.peers = peers;
        this.ids = ids;
        this.pause = pause;
        this.progress = progress;
    }

    @Override
    public void fetch(Wanted wanted, Consumer<Incoming> arrived) {
        LOG.atWarn()
                .addKeyValue("why", wanted.why())
                .addKeyValue("above", wanted.above())
                .log("this node needs the tables of another one and serves nothing new until then");
        progress.accept(Optional.of(Rebuild.waiting(wanted.why())));
        Thread.ofPlatform().daemon().name("snapshot").start(() -> run(wanted, arrived));
    }

    private void run(Wanted wanted, Consumer<Incoming> arrived) {
        TransferPlan plan = new TransferPlan();
        try (SnapshotClient client = new SnapshotClient(secret)) {
            String told = "";
            while (!pause.isOver()) {
                Optional<String> peer = plan.next(peers.get());
                String name = peer.orElse("-");
                try {
                    Incoming incoming = transfer(
                            client, peer.orElseThrow(() -> new SnapshotClient.Refused("no other node")), wanted, plan);
                    progress.accept(Optional.empty());
                    arrived.accept(incoming);
                    return;
                } catch (SnapshotClient.Refused | StoreFailure failed) {
                    String why = name + ": " + failed.getMessage();
                    if (!why.equals(told)) {
                        told = why;
                        LOG.atWarn()
                                .addKeyValue("from", name)
                                .addKeyValue("why", failed.getMessage())
                                .log("no snapshot from there");
                    }
                    progress.accept(Optional.of(Rebuild.waiting(wanted.why())));
                    pause.of(plan.refused(name));
                }
            }
        }
    }

    private Incoming transfer(SnapshotClient client, String url, Wanted wanted, TransferPlan plan)
            throws SnapshotClient.Refused {
        IncomingTables into = IncomingTables.beside(tables);
        Offer offer = client.offer(url, wanted);
        try {
            plan.accepted();
            for (int round = 1; ; round++) {
                long shipped = ship(client, url, offer, into, wanted);
                if (TransferPlan.isLastRound(round, shipped)) {
                    Incoming sealed = into.seal(offer.manifest(), ids.get());
                    LOG.atInfo()
                            .addKeyValue("from", url)
                            .addKeyValue("applied", offer.applied())
                            .addKeyValue("rounds", round)
                            .log("fetched a snapshot");
                    // Not released: the source holds the log a while longer, until this node can.
                    return sealed;
                }
                Offer newer = client.offer(url, wanted);
                client.release(url, offer);
                offer = newer;
            }
        } catch (SnapshotClient.Refused | StoreFailure failed) {
            client.release(url, offer);
            throw failed;
        }
    }

    /** @return how many bytes came */
    private long ship(SnapshotClient client, String url, Offer offer, IncomingTables into, Wanted wanted)
            throws SnapshotClient.Refused {
        List<File> files = IncomingTables.filesOf(offer.manifest());
        into.keepOnly(files);
        long total = files.stream().mapToLong(File::sizeBytes).sum();
        long shipped = 0;
        for (File file : TransferPlan.missing(files, into::has)) {
            for (int failures = 0; !into.has(file); failures++) {
                if (TransferPlan.givesUp(failures)) {
                    throw new SnapshotClient.Refused(file.name() + " is not what its hash says");
                }
                for (long there = into.bytesOf(file); there < file.sizeBytes(); there = into.bytesOf(file)) {
                    byte[] part = client.read(url, offer, file.name(), there);
                    if (part.length == 0 || pause.isOver()) {
                        throw new SnapshotClient.Refused(file.name() + " ends too early");
                    }
                    into.append(file, ByteBuffer.wrap(part));
                    shipped += part.length;
                    progress.accept(Optional.of(new Rebuild("fetching", wanted.why(), url, shipped, total)));
                }
                into.finish(file);
            }
        }
        return shipped;
    }
}
