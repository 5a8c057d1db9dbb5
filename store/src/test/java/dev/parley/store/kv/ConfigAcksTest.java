package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ConfigAcksTest {
    private static final ConfigScope APP = ConfigScope.prefix(Bytes.utf8("app/"));

    private final Script script = new Script();

    private Outcome report(String client, ConfigScope scope, long revision, boolean applied, String reason) {
        return script.run(Submission.of(new ConfigCommand.ReportConfig(client, scope, revision, applied, reason)));
    }

    private long reported(String client, long revision) {
        return assertInstanceOf(Outcome.ConfigReported.class, report(client, APP, revision, true, ""))
                .revision();
    }

    private List<ConfigAck> acks() {
        List<ConfigAck> acks = new ArrayList<>();
        script.map.scan(Keyspace.CONFIG_ACK, KeyRange.ALL, script.revision(), false, (key, live) -> {
            acks.add(ConfigAck.of(live));
            return true;
        });
        return acks;
    }

    private long orderCells() {
        List<Bytes> names = new ArrayList<>();
        script.map.cells(Cells.CONFIG_ACKS, (name, content) -> names.add(name));
        return names.size();
    }

    @Test
    void theLastReportOfAClientAboutAPartCounts() {
        assertEquals(new Outcome.ConfigReported(1, true), report("web-1", APP, 0, true, ""));
        assertEquals(new Outcome.ConfigReported(2, false), report("web-1", APP, 1, false, "no port"));
        assertEquals(
                new Outcome.ConfigReported(3, true), report("web-1", ConfigScope.path(Key.of("app/")), 1, true, ""));
        assertEquals(new Outcome.ConfigReported(4, true), report("web-2", APP, 2, true, ""));
        assertEquals(
                List.of("web-1 1 false no port", "web-1 1 true ", "web-2 2 true "),
                acks().stream()
                        .map(ack -> ack.client() + " " + ack.revision() + " " + ack.applied() + " " + ack.reason())
                        .sorted()
                        .toList());
        assertEquals(3, orderCells());
    }

    @Test
    void whoRepeatsItselfChangesNothing() {
        assertEquals(1, reported("c", 0));
        assertEquals(1, reported("c", 0));
        assertEquals(1, script.revision());
        assertEquals(2, reported("c", 1));
        assertEquals(2, script.revision());
    }

    @Test
    void nobodyRunsARevisionThatDoesNotExist() {
        assertEquals(new Outcome.RevisionAhead(0), report("c", APP, 1, true, ""));
        assertEquals(List.of(), acks());
    }

    @Test
    void theReportThatIsTheLongestAgoGoesForANewOne() {
        for (String client : List.of("a", "b", "c")) {
            reported(client, 0);
        }
        reported("a", 1);
        Cells.putNumber(script.map, Cells.CONFIG_ACK_COUNT, Limits.CONFIG_ACKS_MAX);
        reported("new", 1);
        assertEquals(
                List.of("a", "c", "new"),
                acks().stream().map(ConfigAck::client).sorted().toList());
        assertEquals(3, orderCells());
        RevisionRecord last = script.map.revision(script.revision()).orElseThrow();
        assertEquals(2, last.changes().size(), "what is forgotten is in the history");
    }
}
