package dev.parley.http.node;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** One event, one line: {@code key=value} for people with grep, or one JSON object. The node's name is in each. */
final class LogLines extends EncoderBase<ILoggingEvent> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final String node;
    private final boolean json;

    LogLines(String node, boolean json) {
        this.node = node;
        this.json = json;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, String> fields = fields(event);
        var line = new StringBuilder(160);
        if (json) {
            fields.forEach((key, value) -> {
                line.append(line.isEmpty() ? "{" : ",");
                quote(line, key);
                quote(line.append(':'), value);
            });
            line.append('}');
        } else {
            fields.forEach((key, value) -> {
                line.append(line.isEmpty() ? "" : " ").append(key).append('=');
                if (isPlain(value)) {
                    line.append(value);
                } else {
                    quote(line, value);
                }
            });
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, String> fields(ILoggingEvent event) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("at", TIME.format(Instant.ofEpochMilli(event.getTimeStamp())));
        fields.put("level", event.getLevel().toString());
        fields.put("node", node);
        String logger = event.getLoggerName();
        fields.put("logger", logger.substring(logger.lastIndexOf('.') + 1));
        fields.put("msg", event.getFormattedMessage());
        if (event.getKeyValuePairs() != null) {
            event.getKeyValuePairs().forEach(pair -> fields.putIfAbsent(pair.key, String.valueOf(pair.value)));
        }
        IThrowableProxy thrown = event.getThrowableProxy();
        if (thrown != null) {
            fields.put("error", thrown.getClassName() + ": " + thrown.getMessage());
            fields.put("stack", ThrowableProxyUtil.asString(thrown).strip());
        }
        return fields;
    }

    private static boolean isPlain(String value) {
        return !value.isEmpty()
                && value.chars().allMatch(c -> c > ' ' && c != '"' && c != '=' && c != '\\' && c < 0x7f);
    }

    /** As in JSON, in both forms: whatever a client sends, a line stays one line. */
    private static void quote(StringBuilder line, String value) {
        line.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"', '\\' -> line.append('\\').append(c);
                case '\n' -> line.append("\\n");
                case '\t' -> line.append("\\t");
                default -> {
                    if (c < ' ' || c == 0x7f || Character.isSurrogate(c) && !isPaired(value, i)) {
                        line.append(String.format("\\u%04x", (int) c));
                    } else {
                        line.append(c);
                    }
                }
            }
        }
        line.append('"');
    }

    private static boolean isPaired(String value, int at) {
        char c = value.charAt(at);
        return Character.isHighSurrogate(c)
                ? at + 1 < value.length() && Character.isLowSurrogate(value.charAt(at + 1))
                : at > 0 && Character.isHighSurrogate(value.charAt(at - 1));
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
