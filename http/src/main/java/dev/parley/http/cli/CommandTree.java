package dev.parley.http.cli;

import dev.parley.http.Nearest;
import dev.parley.http.node.ConfigException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** All commands, and what happens to a command line that none of them takes. */
final class CommandTree {
    private final Terminal terminal;
    private final CommandLine root;

    CommandTree(Terminal terminal) {
        this.terminal = terminal;
        root = new CommandLine(new Root())
                .addSubcommand("dev", DevCommand.line(terminal))
                .addSubcommand("cluster", new ClusterCommand(terminal))
                .addSubcommand("node", NodeCommand.line(terminal))
                .addSubcommand("bench", new BenchCommand(terminal))
                .addSubcommand("kv", KvCommands.line(terminal))
                .addSubcommand("config", ConfigCommands.line(terminal))
                .addSubcommand("status", new StatusCommand(terminal))
                .addSubcommand("members", MembersCommands.line(terminal))
                .addSubcommand("process", ProcessCommands.line(terminal))
                .addSubcommand("prove", new ProveCommand(terminal))
                .addSubcommand("backup", new BackupCommand(terminal))
                .addSubcommand("restore", new RestoreCommand(terminal))
                .addSubcommand("verify", new VerifyCommand(terminal))
                .addSubcommand("recover", new RecoverCommand(terminal))
                .addSubcommand("train", new TrainCommand(terminal));
        everywhere(root.getCommandSpec());
        root.setOut(terminal.out())
                .setErr(terminal.err())
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setUsageHelpAutoWidth(false)
                .setAbbreviatedOptionsAllowed(false)
                .setParameterExceptionHandler((wrong, arguments) -> usage(wrong))
                .setExecutionExceptionHandler((failure, line, result) -> failed(failure));
    }

    private static void everywhere(CommandSpec spec) {
        spec.addOption(OptionSpec.builder("-h", "--help")
                .usageHelp(true)
                .description("Shows this.")
                .build());
        spec.usageMessage().sortOptions(false).abbreviateSynopsis(true);
        spec.subcommands().values().forEach(line -> everywhere(line.getCommandSpec()));
    }

    int run(String... arguments) {
        return root.execute(arguments);
    }

    private int usage(ParameterException wrong) {
        CommandSpec command = wrong.getCommandLine().getCommandSpec();
        String sentence = wrong instanceof UnmatchedArgumentException unmatched
                ? unknown(command, unmatched.getUnmatched().getFirst())
                : firstLine(wrong);
        terminal.err().println("parley: " + sentence);
        terminal.err().println("See " + command.qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String unknown(CommandSpec command, String given) {
        if (given.startsWith("-")) {
            String name = given.contains("=") ? given.substring(0, given.indexOf('=')) : given;
            return "unknown flag " + name
                    + Nearest.hint(name, new ArrayList<>(command.optionsMap().keySet()));
        }
        if (command.subcommands().isEmpty()) {
            return "unexpected argument " + given;
        }
        List<String> names = command.subcommands().entrySet().stream()
                .filter(entry ->
                        !entry.getValue().getCommandSpec().usageMessage().hidden())
                .map(Map.Entry::getKey)
                .toList();
        return "unknown command " + given + Nearest.hint(given, names);
    }

    private int failed(Exception failure) {
        return switch (failure) {
            case CommandFailure expected -> {
                terminal.err().println("parley: " + expected.getMessage());
                yield expected.exitCode();
            }
            case ConfigException wrong -> {
                terminal.err().println("parley: " + wrong.getMessage());
                yield ExitCode.USAGE;
            }
            case ParameterException wrong -> usage(wrong);
            default -> {
                terminal.err().println("parley: " + failure.getClass().getSimpleName() + ": " + firstLine(failure));
                yield ExitCode.INTERNAL;
            }
        };
    }

    private static String firstLine(Exception failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    /** Without a command: says which there are. */
    @Command(
            name = "parley",
            description = "A replicated key-value and configuration store over HTTP.",
            versionProvider = Root.Versions.class,
            synopsisSubcommandLabel = "COMMAND")
    static final class Root implements Runnable {
        @CommandLine.Spec
        CommandSpec spec = CommandSpec.create();

        @CommandLine.Option(
                names = {"-V", "--version"},
                versionHelp = true,
                description = "Prints the version.")
        boolean version;

        @Override
        public void run() {
            throw new ParameterException(spec.commandLine(), "a command is missing");
        }

        static final class Versions implements CommandLine.IVersionProvider {
            @Override
            public String[] getVersion() {
                return new String[] {"parley " + Version.text()};
            }
        }
    }
}
