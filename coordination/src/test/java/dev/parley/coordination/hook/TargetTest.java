package dev.parley.coordination.hook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TargetTest {
    private static Target of(String url) {
        return Target.of(url).orElseThrow();
    }

    @Test
    void itIsTheHostInLowerCaseAndThePort() {
        assertEquals(new Target("hooks.example.org", 80), of("http://Hooks.Example.ORG/a?b=c"));
        assertEquals(new Target("hooks.example.org", 443), of("https://hooks.example.org"));
        assertEquals(new Target("[::1]", 8080), of("http://[::1]:8080/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hooks.example.org",
                "ftp://hooks.example.org",
                "http:///x",
                "http://user@hooks.example.org/",
                "http://good.example.org@bad.example.org/",
                "http://hooks.example.org/#part",
                "http://hooks.example.org:0/",
                "http://hooks.example.org:70000/",
                "http://ho st/",
                "file:///etc/passwd"
            })
    void whatIsNoAddressOfAWebServerIsNone(String url) {
        assertEquals(Optional.empty(), Target.of(url));
    }

    @Test
    void aHostIsAllowedAsItIsWrittenForEachOfItsPortsOrForOne() {
        List<String> hosts = List.of("Any.example.org", "one.example.org:8080");
        assertTrue(of("http://any.example.org:1234/").isAmong(hosts));
        assertTrue(of("http://one.example.org:8080/").isAmong(hosts));
        assertFalse(of("http://one.example.org/").isAmong(hosts));
        assertFalse(of("http://not.any.example.org/").isAmong(hosts));
        assertFalse(of("http://any.example.org.evil.org/").isAmong(hosts));
        assertFalse(of("http://any.example.org/").isAmong(List.of()));
    }
}
