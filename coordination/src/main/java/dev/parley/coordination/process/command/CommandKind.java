package dev.parley.coordination.process.command;

import dev.parley.coordination.process.Assignment;
import dev.parley.coordination.process.Effects;
import dev.parley.coordination.process.Kind;
import dev.parley.coordination.process.RunningProcess;
import dev.parley.coordination.process.kind.Arguments;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Kind {@code command}: a program that this node's configuration allows by name. Arguments: {@code command}, its name, and
 * {@code parameters}, what goes into its places.
 */
public final class CommandKind implements Kind {
    private static final int NAME_CHARS_MAX = 128;

    private final Map<String, Command> commands;
    private final Programs programs;

    public CommandKind(List<Command> commands, Programs programs) {
        this.commands = byName(commands);
        this.programs = programs;
    }

    /** @throws IllegalStateException when two have one name */
    public static Map<String, Command> byName(List<Command> commands) {
        return commands.stream().collect(Collectors.toUnmodifiableMap(Command::name, command -> command));
    }

    private record Wanted(Optional<Command> command, SortedMap<String, String> values, List<Fault> faults) {}

    private Wanted wanted(String json) {
        Arguments arguments = new Arguments(json);
        Optional<String> name = arguments.text("command", NAME_CHARS_MAX);
        SortedMap<String, String> values = arguments.texts("parameters");
        Optional<Command> command = name.map(commands::get);
        if (name.isPresent() && command.isEmpty()) {
            arguments.fault("/command", "is not a command of this node's configuration: " + name.get());
        }
        command.ifPresent(known ->
                known.faults("/parameters", values).forEach(fault -> arguments.fault(fault.field(), fault.rule())));
        return new Wanted(command, values, arguments.faults());
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public List<Fault> faults(String argumentsJson) {
        return wanted(argumentsJson).faults();
    }

    @Override
    public RunningProcess start(Assignment assignment, Effects effects, LogSink output) {
        Wanted wanted = wanted(assignment.argumentsJson());
        if (!wanted.faults().isEmpty()) {
            throw new StartFault(wanted.faults().stream()
                    .map(fault -> fault.field() + " " + fault.rule())
                    .collect(Collectors.joining("; ")));
        }
        return programs.start(wanted.command().orElseThrow().filled(wanted.values()), assignment, Map.of(), output);
    }
}
