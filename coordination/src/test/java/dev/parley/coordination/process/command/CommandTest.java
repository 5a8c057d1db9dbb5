package dev.parley.coordination.process.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.parley.coordination.process.Kind.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** C10, and that a specification cannot run anything but what the configuration says. */
class CommandTest {
    private static final Command RESIZE =
            new Command("resize", List.of("/usr/bin/resize", "--size={width}x{height}", "{file}", "{Other} {}"));

    @Test
    void aValueFillsItsPlaceAndStaysOneArgument() {
        assertEquals(
                List.of("/usr/bin/resize", "--size=1x2", "a b; rm -rf $HOME \\1 {width}", "{Other} {}"),
                RESIZE.filled(Map.of("width", "1", "height", "2", "file", "a b; rm -rf $HOME \\1 {width}")));
        assertEquals(List.of("file", "height", "width"), List.copyOf(RESIZE.places()));
    }

    @Test
    void everyPlaceMustBeFilledAndNothingElse() {
        assertEquals(
                List.of(
                        new Fault("/p/file", "must not begin with - where it begins an argument"),
                        new Fault("/p/height", "must be given"),
                        new Fault("/p/a~1b", "is no parameter of the command resize")),
                RESIZE.faults("/p", Map.of("width", "-1", "file", "-rf", "a/b", "x")));
        assertEquals(List.of(), RESIZE.faults("/p", Map.of("width", "-1", "height", "2", "file", "f")));
        assertEquals(
                1,
                RESIZE.faults("/p", Map.of("width", "\0", "height", "2", "file", "f"))
                        .size());
    }

    @Test
    void theProgramItselfIsNeverAParameter() {
        assertThrows(IllegalArgumentException.class, () -> new Command("any", List.of("/bin/{program}")));
        assertThrows(IllegalArgumentException.class, () -> new Command("any", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new Command("any", List.of(" ", "x")));
    }
}
