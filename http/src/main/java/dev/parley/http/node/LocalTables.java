package dev.parley.http.node;

import dev.parley.store.replica.DamagedTables;
import dev.parley.store.replica.StoreFailure;
import dev.parley.store.table.TableConfig;
import dev.parley.store.table.TableStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens this node's tables. What does not verify is set aside, if there is another node to get it from. */
final class LocalTables {
    private static final Logger LOG = LoggerFactory.getLogger(LocalTables.class);
    private static final String ASIDE = ".damaged-";

    private LocalTables() {}

    /**
     * @param alone whether no other node is known that could have a copy
     * @throws StartFailure when they cannot be used; nothing was changed
     */
    static TableStore open(
            Path tables, NodeConfig.Storage storage, boolean alone, Resources resources, Ambient ambient) {
        ExecutorService background = Executors.newFixedThreadPool(
                3, Thread.ofPlatform().daemon().name("tables-", 1).factory());
        resources.own(background::shutdownNow);
        TableConfig config = TableConfig.DEFAULT
                .withFlushBytes(storage.memtableBytes())
                .withFlushInterval(storage.flushInterval())
                .withReserve(storage.reserveBytes());
        try {
            try {
                return resources.own(TableStore.open(tables, config, background, ambient.ids()));
            } catch (DamagedTables damage) {
                if (alone) {
                    throw refusal(tables, damage);
                }
                Path aside = TableStore.setAside(tables);
                LOG.atError()
                        .addKeyValue("damage", damage.getMessage())
                        .addKeyValue("set_aside", aside)
                        .log("the tables do not verify; they are rebuilt from the log or from another node");
                return resources.own(TableStore.open(tables, config, background, ambient.ids()));
            }
        } catch (StoreFailure failure) {
            throw new StartFailure("the tables in " + tables + " cannot be used: " + failure.getMessage(), failure);
        }
    }

    private static StartFailure refusal(Path tables, DamagedTables damage) {
        return new StartFailure(
                "the tables in " + tables + " are damaged: " + damage.getMessage()
                        + "; no other node is known that has a copy, so nothing was changed."
                        + " Restore a backup into another directory with ./parley restore",
                damage);
    }

    /** The directories that were set aside so far; somebody should look at them and delete them. */
    static List<String> setAside(Path tables) {
        try (Stream<Path> beside = Files.list(tables.toAbsolutePath().getParent())) {
            return beside.map(path -> path.getFileName().toString())
                    .filter(name -> name.startsWith(tables.getFileName() + ASIDE))
                    .sorted()
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
