package dev.parley.consistency.nemesis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.consistency.cluster.Ability;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FaultsTest {

    @Test
    void everyFaultIsFoundByItsNameAndSaysWhatItNeeds() {
        Faults.all().forEach((name, entry) -> {
            assertTrue(Faults.named(name).isPresent(), name);
            assertTrue(List.of(Ability.values()).contains(entry.make().get().needs()), name);
            assertTrue(!entry.summary().isBlank(), name);
        });
        assertTrue(Faults.named("no-such-fault").isEmpty());
        assertTrue(Faults.named("kill+no-such-fault").isEmpty());
    }

    @Test
    void twoFaultsAtOnceNeedTheSettingsOfBoth() {
        assertEquals(Map.of(), Faults.settings(List.of("kill", "pause+partition")));
        assertEquals(Churn.SETTINGS, Faults.settings(List.of("pause", "kill+churn")));
    }
}
