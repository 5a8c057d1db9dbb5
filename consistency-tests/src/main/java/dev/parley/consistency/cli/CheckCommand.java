package dev.parley.consistency.cli;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Checker;
import dev.parley.consistency.checker.Checkers;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.checker.Limits;
import dev.parley.consistency.checker.SmallCases;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.history.History;
import dev.parley.consistency.history.HistoryReader;
import dev.parley.consistency.history.MalformedHistoryException;
import dev.parley.consistency.json.Json;
import dev.parley.consistency.json.JsonParser;
import dev.parley.consistency.json.JsonSyntaxException;
import dev.parley.consistency.report.HtmlReport;
import dev.parley.consistency.watch.WatchCases;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        description = "Judges histories that were recorded before.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "A history is JSON lines, one event a line. With the models watch and small the file is a file of cases,",
            "and the answer is whether every verdict is the expected one."
        })
final class CheckCommand implements Callable<Integer> {
    private static final int FINDINGS_SHOWN = 10;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--model",
            required = true,
            paramLabel = "MODEL",
            description = "What the history is of; parley consistency list names them.")
    private String model;

    @Option(
            names = "--time-limit",
            paramLabel = "DURATION",
            defaultValue = "2m",
            description = "After this the answer is unknown (default ${DEFAULT-VALUE}).")
    private String timeLimit;

    @Option(
            names = "--memory",
            paramLabel = "MIB",
            description = "MiB the searches may remember (default: a third of the heap).")
    private Long memoryMib;

    @Option(
            names = "--initial",
            paramLabel = "JSON",
            description = "What a register or counter holds at first (default: nothing, or 0).")
    private String initial;

    @Option(names = "--json", description = "Print the verdict as JSON.")
    private boolean asJson;

    @Option(names = "--report", paramLabel = "FILE", description = "Write a page about the one history here.")
    private Path report;

    @Parameters(arity = "1..*", paramLabel = "FILE")
    private List<Path> files;

    @Override
    public Integer call() {
        Limits limits = limits();
        Answer answer = Answer.VALID;
        for (Path file : files) {
            answer = answer.and(
                    switch (model) {
                        case "watch" -> watch(file);
                        case "small" -> small(file, limits);
                        default -> history(file, limits);
                    });
        }
        out().flush();
        return Exit.of(answer);
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private Limits limits() {
        try {
            Duration time = Durations.parse(timeLimit);
            Limits limits = Limits.standard().withTime(time);
            return memoryMib == null ? limits : limits.withMemoryBytes(Math.multiplyExact(memoryMib, 1L << 20));
        } catch (IllegalArgumentException | ArithmeticException wrong) {
            throw new ParameterException(spec.commandLine(), "--time-limit or --memory: " + wrong.getMessage());
        }
    }

    private Answer history(Path file, Limits limits) {
        Json first = initial == null ? Json.NULL : parse("--initial", initial);
        Checker checker = Checkers.named(model, first)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "unknown model " + model + "; known: "
                                + String.join(", ", Checkers.all().keySet()) + ", watch, small"));
        History history = HistoryReader.read(file);
        Verdict verdict = checker.check(history, limits);
        if (report != null) {
            writeReport(file, history, verdict);
        }
        if (asJson) {
            out().println(json(file, verdict).text());
        } else {
            print(file, verdict);
        }
        return verdict.answer();
    }

    private void writeReport(Path file, History history, Verdict verdict) {
        if (files.size() > 1) {
            throw new ParameterException(spec.commandLine(), "--report is for one file");
        }
        String command = "./parley consistency check --model " + model + " " + file;
        HtmlReport.Page page =
                new HtmlReport.Page(file + " as " + model, Map.of("file", file.toString()), command, history, verdict);
        try {
            Files.writeString(report, HtmlReport.of(page));
        } catch (IOException notWritten) {
            throw new MalformedHistoryException(report + ": cannot be written: " + notWritten.getMessage());
        }
    }

    private void print(Path file, Verdict verdict) {
        out().println((files.size() > 1 ? file + "\t" : "") + verdict.answer());
        verdict.findings().stream().limit(FINDINGS_SHOWN).forEach(finding -> out().println(
                        "  " + finding.kind() + ": " + finding.sentence()));
        if (verdict.findings().size() > FINDINGS_SHOWN) {
            out().println("  and " + (verdict.findings().size() - FINDINGS_SHOWN) + " more");
        }
    }

    private Json json(Path file, Verdict verdict) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("file", Json.of(file.toString()));
        members.put("model", Json.of(model));
        members.put("verdict", Json.of(verdict.answer().toString()));
        members.put(
                "findings",
                new Json.Array(
                        verdict.findings().stream().map(CheckCommand::json).toList()));
        members.put("facts", new Json.Obj(verdict.facts()));
        return new Json.Obj(members);
    }

    private static Json json(Finding finding) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("kind", Json.of(finding.kind()));
        members.put("key", Json.of(finding.key()));
        members.put("sentence", Json.of(finding.sentence()));
        members.put(
                "lines",
                new Json.Array(finding.lines().stream()
                        .map(line -> Json.of((long) line))
                        .toList()));
        return new Json.Obj(members);
    }

    private Answer watch(Path file) {
        List<WatchCases.Judged> cases = WatchCases.judge(file.toString(), parse(file));
        for (WatchCases.Judged judged : cases) {
            String expected =
                    judged.expected().map(valid -> valid ? "valid" : "invalid").orElse("-");
            String breach = judged.valid()
                    ? ""
                    : "\t" + judged.breaches().getFirst().guarantee() + ": "
                            + judged.breaches().getFirst().sentence();
            row(judged.name(), "watch", judged.valid() ? "valid" : "invalid", expected, judged.asExpected(), breach);
        }
        return conclusion(
                cases.size(),
                cases.stream().filter(judged -> !judged.asExpected()).count(),
                0);
    }

    private Answer small(Path file, Limits limits) {
        List<SmallCases.Judged> cases = SmallCases.judge(file.toString(), parse(file), limits);
        for (SmallCases.Judged judged : cases) {
            String verdict = judged.verdict().map(v -> v.answer().toString()).orElse("no check for this model");
            String finding = judged.verdict().stream()
                    .flatMap(v -> v.findings().stream())
                    .findFirst()
                    .map(f -> "\t" + f.kind() + ": " + f.sentence())
                    .orElse("");
            row(
                    judged.id(),
                    judged.model(),
                    verdict,
                    judged.expected().map(Answer::toString).orElse("-"),
                    judged.asExpected(),
                    finding);
        }
        long skipped =
                cases.stream().filter(judged -> judged.verdict().isEmpty()).count();
        return conclusion(
                cases.size(),
                cases.stream().filter(judged -> !judged.asExpected()).count(),
                skipped);
    }

    private void row(String name, String kind, String verdict, String expected, boolean same, String detail) {
        out().println((same ? "same" : "DIFFERS") + "\t" + verdict + "\texpected " + expected + "\t" + kind + "\t"
                + name + detail);
    }

    private Answer conclusion(int cases, long different, long skipped) {
        out().println(cases + " cases, " + (cases - skipped - different) + " as expected, " + different + " different, "
                + skipped + " without a check");
        return different > 0 ? Answer.INVALID : cases > 0 && skipped == cases ? Answer.UNKNOWN : Answer.VALID;
    }

    private Json parse(Path file) {
        try {
            return parse(file.toString(), Files.readString(file));
        } catch (IOException unreadable) {
            throw new MalformedHistoryException(file + ": cannot be read: " + unreadable.getMessage());
        }
    }

    private static Json parse(String source, String text) {
        try {
            return JsonParser.parse(text);
        } catch (JsonSyntaxException syntax) {
            throw new MalformedHistoryException(source + ": not JSON: " + syntax.getMessage());
        }
    }
}
