package dev.parley.consistency.report;

import static dev.parley.consistency.report.Svg.escape;

import dev.parley.consistency.checker.Answer;
import dev.parley.consistency.checker.Finding;
import dev.parley.consistency.checker.Verdict;
import dev.parley.consistency.history.Event;
import dev.parley.consistency.history.History;
import dev.parley.consistency.history.Operation;
import dev.parley.consistency.history.Operations;
import dev.parley.consistency.json.Json;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** One run as one self-contained page: no script, no font, no image from elsewhere. */
public final class HtmlReport {
    private static final int FINDINGS_SHOWN = 20;
    private static final int EVENTS_EMBEDDED = 20_000;

    /**
     * What the page is about.
     *
     * @param facts name and value, shown as a table
     * @param command runs the same again
     */
    public record Page(String title, Map<String, String> facts, String command, History history, Verdict verdict) {}

    private final Page page;
    private final List<Operation> operations;
    private final List<Band> bands;
    private final double seconds;

    private HtmlReport(Page page) {
        this.page = page;
        this.operations = Operations.pairLeniently(page.history());
        this.seconds = page.history().events().stream()
                        .mapToLong(Event::timeNanos)
                        .max()
                        .orElse(0)
                / 1e9;
        this.bands = Band.of(page.history(), seconds);
    }

    public static String of(Page page) {
        return new HtmlReport(page).render();
    }

    private String render() {
        Answer answer = page.verdict().answer();
        Plots plots = new Plots(operations, bands, seconds);
        return "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\"><title>"
                + escape(answer + ": " + page.title()) + "</title><style>" + STYLE
                + "</style></head><body><header class=\"" + answer + "\"><p class=\"verdict\">"
                + answer + "</p><h1>" + escape(page.title()) + "</h1><p>" + escape(summary()) + "</p></header><main>"
                + findings()
                + "<section><h2>Over time</h2>" + legend() + plots.latency() + plots.rate() + "</section>"
                + "<section class=\"columns\"><div><h2>Operations</h2>" + counts() + "</div><div><h2>Faults</h2>"
                + faults() + "</div></section>"
                + "<section><h2>The run</h2>" + facts() + "<p>The same again:</p><pre>" + escape(page.command())
                + "</pre></section>"
                + "<section><h2>History</h2>" + raw() + "</section></main></body></html>\n";
    }

    private String summary() {
        return switch (page.verdict().answer()) {
            case VALID ->
                operations.size() + " operations in " + Math.round(seconds)
                        + " s, and nothing that contradicts the promises.";
            case INVALID -> page.verdict().findings().getFirst().sentence();
            case UNKNOWN ->
                "Neither proved wrong nor fit to be trusted. "
                        + page.verdict().findings().stream()
                                .findFirst()
                                .map(Finding::sentence)
                                .orElse("");
        };
    }

    private String findings() {
        List<Finding> findings = page.verdict().findings();
        if (findings.isEmpty()) {
            return "";
        }
        String list = findings.stream()
                .limit(FINDINGS_SHOWN)
                .map(finding ->
                        "<li><code>" + escape(finding.kind()) + "</code> " + escape(finding.sentence()) + "</li>")
                .collect(Collectors.joining("", "<ol>", "</ol>"));
        String more =
                findings.size() > FINDINGS_SHOWN ? "<p>and " + (findings.size() - FINDINGS_SHOWN) + " more</p>" : "";
        boolean drawn = page.verdict().answer() == Answer.INVALID
                && !findings.getFirst().lines().isEmpty();
        String drawing = drawn ? legend() + new Timeline(operations, bands).around(findings.getFirst()) : "";
        return "<section><h2>What was found</h2>" + list + more + drawing + "</section>";
    }

    private static String legend() {
        return "<p class=\"legend\"><span class=\"key ok\"></span>ok: it happened <span class=\"key fail\"></span>fail: it did not happen "
                + "<span class=\"key info\"></span>info: it may have happened</p>";
    }

    private String counts() {
        Map<String, int[]> counts = new TreeMap<>();
        operations.forEach(operation -> counts.computeIfAbsent(operation.f(), f -> new int[3])[
                operation.outcome().ordinal()]++);
        StringBuilder table =
                new StringBuilder("<table><tr><th>operation<th>ok<th>fail<th>info<th>median<th>99 %</tr>");
        counts.forEach((f, count) -> table.append("<tr><td>")
                .append(escape(f))
                .append("<td>")
                .append(count[0])
                .append("<td>")
                .append(count[1])
                .append("<td>")
                .append(count[2])
                .append("<td>")
                .append(quantile(f, 0.5))
                .append("<td>")
                .append(quantile(f, 0.99))
                .append("</tr>"));
        return table.append("</table>").toString();
    }

    private String quantile(String f, double share) {
        long[] nanos = operations.stream()
                .filter(operation -> operation.f().equals(f)
                        && operation.ok()
                        && operation.invokedNanos() >= 0
                        && operation.completedNanos() >= 0)
                .mapToLong(operation -> operation.completedNanos() - operation.invokedNanos())
                .sorted()
                .toArray();
        return nanos.length == 0
                ? ""
                : String.format(java.util.Locale.ROOT, "%.1f ms", nanos[(int) ((nanos.length - 1) * share)] / 1e6);
    }

    private String faults() {
        if (bands.isEmpty()) {
            return "<p>None.</p>";
        }
        StringBuilder table = new StringBuilder("<table><tr><th>from<th>to<th>fault<th>what<th>evidence</tr>");
        bands.forEach(band -> table.append(String.format(
                java.util.Locale.ROOT,
                "<tr><td>%.1f s<td>%.1f s<td>%s<td>%s<td>%s</tr>",
                band.beginSeconds(),
                band.endSeconds(),
                escape(band.fault()),
                escape(band.target()),
                escape(band.evidence().isEmpty() ? "none" : band.evidence()))));
        return table.append("</table>").toString();
    }

    private String facts() {
        StringBuilder table = new StringBuilder("<table class=\"facts\">");
        page.facts().forEach((name, value) -> table.append("<tr><th>")
                .append(escape(name))
                .append("<td>")
                .append(escape(value))
                .append("</tr>"));
        page.verdict().facts().forEach((name, value) -> table.append("<tr><th>")
                .append(escape(name.replace('_', ' ')))
                .append("<td>")
                .append(escape(abbreviated(value)))
                .append("</tr>"));
        return table.append("</table>").toString();
    }

    /** Lists of a whole store help nobody on a page. */
    static String abbreviated(Json value) {
        String text = value instanceof Json.Text(String plain) ? plain : value.text();
        return text.length() <= 300 ? text : text.substring(0, 299) + "…";
    }

    private String raw() {
        List<Event> events = page.history().events();
        String lines = events.stream()
                .limit(EVENTS_EMBEDDED)
                .map(event -> escape(event.fields().text()))
                .collect(Collectors.joining("\n"));
        String rest = events.size() > EVENTS_EMBEDDED
                ? "\n… " + (events.size() - EVENTS_EMBEDDED) + " more in history.jsonl"
                : "";
        return "<p>Beside this page: <a href=\"history.jsonl\">history.jsonl</a>, which <code>parley consistency check</code> judges again.</p><details><summary>"
                + events.size() + " events</summary><pre class=\"raw\">" + lines + rest + "</pre></details>";
    }

    private static final String STYLE = """
            :root{--ok:#2f7ebc;--info:#d98200;--fail:#b45c7d;--ink:#1c2733;--soft:#5b6875;--line:#e3e7eb;--paper:#fff}
            @media (prefers-color-scheme:dark){:root{--ink:#e6ebf0;--soft:#9aa7b3;--line:#2c3742;--paper:#141a20}}
            *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:15px/1.5 system-ui,sans-serif}
            header{padding:24px max(24px,calc(50vw - 560px));color:#fff}header h1{margin:0;font-size:26px;font-weight:600}
            header p{margin:8px 0 0;max-width:95ch}header .verdict{margin:0;text-transform:uppercase;letter-spacing:.12em;font-weight:700;font-size:13px}
            header.valid{background:#1d6b46}header.invalid{background:#a1232f}header.unknown{background:#8a5a00}
            main{max-width:1168px;margin:0 auto;padding:8px 24px 48px}section{margin-top:28px}h2{font-size:17px;margin:0 0 8px}
            svg{width:100%;height:auto;display:block;margin:10px 0}
            table{border-collapse:collapse;font-size:14px}th{text-align:left;font-weight:600;color:var(--soft)}
            th,td{padding:4px 16px 4px 0;border-bottom:1px solid var(--line);vertical-align:top}td{font-variant-numeric:tabular-nums}
            .columns{display:grid;grid-template-columns:repeat(auto-fit,minmax(420px,1fr));gap:32px}
            ol{padding-left:22px;margin:0 0 12px}li{margin:4px 0}code{font-size:13px;background:var(--line);padding:1px 5px;border-radius:3px}
            pre{background:var(--line);padding:10px 14px;border-radius:4px;overflow:auto;font-size:13px}.raw{max-height:480px}
            .legend{color:var(--soft);font-size:13px;margin:4px 0}.key{display:inline-block;width:11px;height:11px;border-radius:2px;margin:0 5px 0 14px}
            .legend .key:first-child{margin-left:0}.key.ok{background:var(--ok)}.key.fail{background:var(--fail)}.key.info{background:var(--info)}
            text{font:12px system-ui,sans-serif;fill:var(--ink)}.tick,.label{fill:var(--soft);font-size:11px}.title{font-weight:600;font-size:13px}
            .grid{stroke:var(--line)}.axis{stroke:var(--soft)}
            .dot.ok{fill:var(--ok)}.dot.fail{fill:var(--fail)}.dot.info{fill:var(--info)}.dot{opacity:.55}
            .curve{fill:none;stroke-width:1.8}.curve.ok{stroke:var(--ok)}.curve.fail{stroke:var(--fail)}.curve.info{stroke:var(--info)}
            .band{opacity:.42}.band.kill{fill:#e9a4a0}.band.pause{fill:#a0b1e9}.band.partition{fill:#e9dca0}.band.clock{fill:#a0e9e3}.band.disk{fill:#cfa0e9}
            .band.other{fill:#c9ced4}
            .bar{rx:3;opacity:.9}.bar.ok{fill:var(--ok)}.bar.fail{fill:var(--fail)}.bar.info{fill:var(--info)}.bartext{fill:#fff;font-size:11px;pointer-events:none}
            .bar.named{stroke:var(--ink);stroke-width:1.5}.bar.decisive{stroke:#e0202f;stroke-width:3.5}
            """;
}
