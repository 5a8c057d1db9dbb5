package dev.parley.store.kv;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.parley.store.kv.Hooks.Hook;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

final class HookCommandsTest {
    private static final String URL = "http://example.org/x";

    private final Script script = new Script();

    private Outcome put(String id, String event, int priority) {
        return script.run(new Command.PutHook(id, event, URL, priority));
    }

    private long takeOffice() {
        script.run(new Command.RegisterMember(Script.NODE, new UUID(1, 1), "http://n1", 1));
        script.run(new Command.TakeOffice(Script.NODE, new UUID(2, 2)));
        return Office.in(script.map).orElseThrow().epoch();
    }

    private Hook hook(String id) {
        return Hooks.find(script.map, id, Agreed.revision(script.map)).orElseThrow();
    }

    @Test
    @DisplayName("D4: a hook is made, changed and taken away, each in a revision of its own")
    void aHookIsMadeChangedAndTakenAway() {
        assertEquals(new Outcome.HookStored(1, true), put("a", "node_left", 5));
        assertEquals(new Outcome.HookStored(2, false), put("a", "*", 6));
        put("b", "node_left", 0);
        assertEquals(
                List.of(new Hook("a", "*", URL, 6, 1, 2), new Hook("b", "node_left", URL, 0, 3, 3)),
                Hooks.all(script.map, 3));
        assertTrue(hook("a").wants("anything"));
        assertTrue(!hook("b").wants("node_joined"));
        assertInstanceOf(Outcome.Acknowledged.class, script.run(new Command.DeleteHook("a")));
        assertEquals(new Outcome.HookUnknown("a"), script.run(new Command.DeleteHook("a")));
        assertEquals(1, Hooks.all(script.map, Agreed.revision(script.map)).size());
    }

    @Test
    void aNewHookIsToldOfWhatHappensFromNowOnAndAChangedOneGoesOnWhereItWas() {
        long epoch = takeOffice();
        put("a", "*", 0);
        long begin = ClusterEvents.next(script.map) - 1;
        assertTrue(begin > 0, "there was an election");
        assertEquals(begin, Hooks.told(script.map, "a"));
        long created = hook("a").created();
        assertInstanceOf(Outcome.Acknowledged.class, script.run(new Command.HookTold(epoch, "a", created, begin + 3)));
        put("a", "node_left", 0);
        assertEquals(begin + 3, Hooks.told(script.map, "a"));
    }

    @Test
    void onlyTheLeaderSaysWhatWasTakenAndOnlyForwards() {
        long epoch = takeOffice();
        put("a", "*", 0);
        long created = hook("a").created();
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.HookTold(epoch - 1, "a", created, 50)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.HookTold(epoch, "a", created + 1, 50)));
        assertInstanceOf(Outcome.Acknowledged.class, script.run(new Command.HookTold(epoch, "a", created, 50)));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.HookTold(epoch, "a", created, 49)));
        assertEquals(50, Hooks.told(script.map, "a"));
        script.run(new Command.DeleteHook("a"));
        assertInstanceOf(Outcome.Superseded.class, script.run(new Command.HookTold(epoch, "a", created, 60)));
        assertEquals(0, Hooks.told(script.map, "a"), "nothing of it is left");
    }

    @Test
    void thereAreNoMoreThanSoMany() {
        for (int i = 0; i < Limits.HOOKS_MAX; i++) {
            assertInstanceOf(Outcome.HookStored.class, put("h" + i, "*", 0));
        }
        assertEquals(new Outcome.LimitReached("hooks", Limits.HOOKS_MAX), put("more", "*", 0));
        assertInstanceOf(Outcome.HookStored.class, put("h0", "node_left", 0));
        script.run(new Command.DeleteHook("h0"));
        assertInstanceOf(Outcome.HookStored.class, put("more", "*", 0));
    }
}
