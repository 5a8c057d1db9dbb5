package dev.parley.consistency.history;

import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.zip.GZIPInputStream;

/**
 * Reads histories: JSON lines, one event a line, in real-time order. Blank lines and unknown fields are ignored; anything that is not an event is an error
 * that names the line.
 */
public final class HistoryReader {
    private HistoryReader() {}

    /**
     * Reads a file, unpacking it when its name ends in {@code .gz}.
     *
     * @throws MalformedHistoryException when it cannot be read as a history
     */
    public static History read(Path file) {
        try (InputStream raw = Files.newInputStream(file);
                InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw;
                Reader reader = new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder())) {
            return read(file.toString(), reader);
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedHistoryException(file + ": not UTF-8 text");
        } catch (IOException unreadable) {
            throw new MalformedHistoryException(file + ": cannot be read: " + unreadable.getMessage());
        }
    }

    /** Reads the text of a history. */
    public static History parse(String source, String text) {
        try {
            return read(source, new StringReader(text));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private static History read(String source, Reader reader) throws IOException {
        List<Event> events = new ArrayList<>();
        BufferedReader lines = new BufferedReader(reader);
        int number = 0;
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            number++;
            String content = number == 1 && line.startsWith("\uFEFF") ? line.substring(1) : line;
            if (!content.isBlank()) {
                events.add(event(source, number, events.size(), content));
            }
        }
        return new History(source, events);
    }

    private static Event event(String source, int line, int position, String content) {
        Json json;
        try {
            json = JsonParser.parse(content);
        } catch (JsonSyntaxException syntax) {
            throw new MalformedHistoryException(source, line, "not JSON: " + syntax.getMessage());
        }
        return event(source, line, position, json);
    }

    /** One event from its JSON object; {@code line} is for messages only. */
    public static Event event(String source, int line, int position, Json json) {
        if (!(json instanceof Json.Obj fields)) {
            throw new MalformedHistoryException(
                    source, line, "an event is an object, this is " + abbreviate(json.text()));
        }
        String process = process(source, line, fields.get("process"));
        Event.Type type = type(source, line, fields.get("type"));
        String f = fields.get("f") instanceof Json.Text(String name) ? name : "";
        if (f.isEmpty() && !process.equals(Event.NEMESIS)) {
            throw new MalformedHistoryException(
                    source, line, "field f, the name of the operation, must be a string that is not empty");
        }
        long time = fields.get("time") instanceof Json.Int(long nanos) ? nanos : -1;
        return new Event(position, line, process, type, f, key(fields.get("key")), fields.get("value"), time, fields);
    }

    private static String process(String source, int line, Json process) {
        return switch (process) {
            case Json.Int(long number) -> Long.toString(number);
            case Json.Text(String name) when !name.isEmpty() -> name.equals(":nemesis") ? Event.NEMESIS : name;
            case Json.Text(var empty) -> throw new MalformedHistoryException(source, line, "field process is empty");
            case Json.Null() -> throw new MalformedHistoryException(source, line, "field process is missing");
            case Json.Bool(var value) ->
                throw new MalformedHistoryException(
                        source, line, "field process must be a whole number or \"nemesis\"");
            case Json.Decimal(var value) ->
                throw new MalformedHistoryException(
                        source, line, "field process must be a whole number or \"nemesis\"");
            case Json.Array(var value) ->
                throw new MalformedHistoryException(
                        source, line, "field process must be a whole number or \"nemesis\"");
            case Json.Obj(var value) ->
                throw new MalformedHistoryException(
                        source, line, "field process must be a whole number or \"nemesis\"");
        };
    }

    private static Event.Type type(String source, int line, Json type) {
        if (type instanceof Json.Text(String name)) {
            for (Event.Type known : Event.Type.values()) {
                if (known.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return known;
                }
            }
        }
        throw new MalformedHistoryException(
                source, line, "field type must be invoke, ok, fail or info, not " + abbreviate(type.text()));
    }

    /** Keys are compared as text, so that 7 and "7" are one key. */
    private static String key(Json key) {
        return switch (key) {
            case Json.Null() -> "";
            case Json.Text(String text) -> text;
            case Json.Bool b -> b.text();
            case Json.Int i -> i.text();
            case Json.Decimal d -> d.text();
            case Json.Array a -> a.text();
            case Json.Obj o -> o.text();
        };
    }

    private static String abbreviate(String text) {
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
