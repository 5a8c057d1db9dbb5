package dev.parley.http.node;

import java.net.URI;
import java.util.Optional;
import java.util.regex.Pattern;

/** What a setting's value may look like. Whether it fits the other settings is decided by {@link NodeConfig}. */
enum Kind {
    NAME("a name", "1 to 128 letters, digits, '.', '_' or '-', the first a letter or a digit"),
    SECRET("text", "at least 16 characters without spaces"),
    PATH("a path", "a path"),
    HOST("an address", "a host name or an address, without a port"),
    PORT("a port", "a port from 1 to 65535"),
    SERVER_ID("a number", "a number from 1 to 255"),
    URL("a URL", "a URL such as http://10.0.0.1:7070, without a path"),
    TEXT("text", "text without spaces"),
    ORIGINS("a list", "a list of origins such as https://app.example.org, or *"),
    PEERS("a list", "a list of <server-id>=<host>:<quorum-port>:<election-port>:<client-port>/<http-port>"),
    LABELS("a list", "a list of key=value, keys of letters, digits, '.', '_' and '-'"),
    HOSTS("a list", "a list of host names or addresses, each perhaps with :port"),
    COMMANDS("commands", "a name and a program with its arguments, as in name=[\"program\",\"argument\"]"),
    DURATION("a duration", "a whole number and a unit: 500ms, 30s, 5m or 1h"),
    BYTES("bytes", "a whole number and a unit: 512B, 64KiB, 64MiB or 1GiB"),
    COUNT("a number", "a whole number from 1 to 1000000000"),
    FORMAT("text or json", "text or json"),
    BOOLEAN("true or false", "true or false");

    private static final Pattern NAME_SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
    private static final Pattern LABEL_SHAPE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}=[^\\s=,]{0,63}");
    private static final Pattern HOST_AND_PORT_SHAPE =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9.-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}])(:\\d{1,5})?");
    private static final Pattern HOST_SHAPE =
            Pattern.compile("[A-Za-z0-9]([A-Za-z0-9.-]{0,252})|\\[?[0-9A-Fa-f:.]{2,45}]?");

    /** Named in the example file. */
    final String unit;

    /** Worded to follow "must be". */
    final String rule;

    Kind(String unit, String rule) {
        this.unit = unit;
        this.rule = rule;
    }

    boolean isList() {
        return this == ORIGINS || this == PEERS || this == LABELS || this == HOSTS || this == COMMANDS;
    }

    /** Whether one value has this shape; of a list, whether one of its items has. */
    boolean admits(String value) {
        return switch (this) {
            case NAME -> NAME_SHAPE.matcher(value).matches();
            case SECRET -> value.length() >= 16 && isText(value);
            case PATH -> !value.isBlank() && value.indexOf('\0') < 0;
            case HOST -> HOST_SHAPE.matcher(value).matches();
            case PORT -> isNumber(value, 65_535);
            case SERVER_ID -> isNumber(value, 255);
            case URL -> isUrl(value);
            case TEXT -> isText(value);
            case ORIGINS -> value.equals("*") || isUrl(value);
            case PEERS -> Peer.parse(value).isPresent();
            case HOSTS -> HOST_AND_PORT_SHAPE.matcher(value).matches();
            case COMMANDS -> CommandSetting.parse(value).isPresent();
            case LABELS -> LABEL_SHAPE.matcher(value).matches();
            case DURATION -> Units.duration(value).isPresent();
            case BYTES -> Units.bytes(value).filter(bytes -> bytes > 0).isPresent();
            case COUNT -> isNumber(value, 1_000_000_000);
            case BOOLEAN -> value.equals("true") || value.equals("false");
            case FORMAT -> value.equals("text") || value.equals("json");
        };
    }

    private static boolean isText(String value) {
        return !value.isEmpty() && value.chars().noneMatch(c -> c <= ' ' || c == 0x7f);
    }

    private static boolean isNumber(String value, long max) {
        return wholeNumber(value).filter(number -> number >= 1 && number <= max).isPresent();
    }

    static Optional<Long> wholeNumber(String value) {
        return value.matches("\\d{1,18}") ? Optional.of(Long.parseLong(value)) : Optional.empty();
    }

    private static boolean isUrl(String value) {
        try {
            URI uri = URI.create(value);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            return web && uri.getHost() != null && uri.getRawPath().isEmpty() && uri.getRawQuery() == null;
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
