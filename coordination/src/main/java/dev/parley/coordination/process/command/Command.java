package dev.parley.coordination.process.command;

import dev.parley.coordination.process.Kind.Fault;
import dev.parley.coordination.process.kind.Arguments;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that a node's configuration allows, with its whole argument list. What may vary are the places <code>{name}
 * </code> in the arguments; a value fills a part of one argument and never becomes two. No shell is involved. Immutable.
 *
 * @param line the program, then its arguments
 */
public record Command(String name, List<String> line) {
    private static final Pattern PLACE = Pattern.compile("\\{([a-z][a-z0-9_]{0,63})}");
    private static final int VALUE_CHARS_MAX = 4_096;

    public Command {
        line = List.copyOf(line);
        malformation(line).ifPresent(rule -> {
            throw new IllegalArgumentException("command " + name + " " + rule);
        });
    }

    /** Why this is no program with arguments, worded to follow its name; empty when it is one. */
    public static Optional<String> malformation(List<String> line) {
        if (line.isEmpty() || line.getFirst().isBlank()) {
            return Optional.of("must begin with a program");
        }
        if (PLACE.matcher(line.getFirst()).find()) {
            return Optional.of("must name its program without a place for a parameter");
        }
        return line.stream().anyMatch(each -> each.indexOf('\0') >= 0)
                ? Optional.of("must not contain NUL")
                : Optional.empty();
    }

    /** The names of the places. */
    public SortedSet<String> places() {
        SortedSet<String> places = new TreeSet<>();
        line.forEach(argument -> PLACE.matcher(argument).results().forEach(found -> places.add(found.group(1))));
        return places;
    }

    /**
     * What is wrong with the values: each place must be filled, nothing else may be given, and a value at the beginning of
     * an argument must not begin with a dash, or it would be taken for an option.
     *
     * @param pointer to the values, for the faults
     */
    public List<Fault> faults(String pointer, Map<String, String> values) {
        List<Fault> faults = new ArrayList<>();
        for (String place : places()) {
            String value = values.get(place);
            if (value == null) {
                faults.add(new Fault(pointer + "/" + place, "must be given"));
            } else if (value.length() > VALUE_CHARS_MAX || value.indexOf('\0') >= 0) {
                faults.add(new Fault(
                        pointer + "/" + place, "must be at most " + VALUE_CHARS_MAX + " characters without NUL"));
            } else if (value.startsWith("-") && beginsAnArgument(place)) {
                faults.add(new Fault(pointer + "/" + place, "must not begin with - where it begins an argument"));
            }
        }
        values.keySet().stream()
                .filter(given -> !places().contains(given))
                .forEach(given -> faults.add(
                        new Fault(pointer + "/" + Arguments.escaped(given), "is no parameter of the command " + name)));
        return List.copyOf(faults);
    }

    private boolean beginsAnArgument(String place) {
        return line.stream().anyMatch(argument -> argument.startsWith("{" + place + "}"));
    }

    /** The line to run. Only with values in which {@link #faults} found nothing. */
    public List<String> filled(Map<String, String> values) {
        return line.stream()
                .map(argument -> PLACE.matcher(argument)
                        .replaceAll(found -> Matcher.quoteReplacement(values.get(found.group(1)))))
                .toList();
    }
}
