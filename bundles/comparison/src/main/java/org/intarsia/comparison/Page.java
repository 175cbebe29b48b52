package org.intarsia.comparison;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.intarsia.comparison.Compared.Cell;
import org.intarsia.comparison.Compared.Difference;
import org.intarsia.comparison.Compared.Head;
import org.intarsia.comparison.Compared.Piece;
import org.intarsia.comparison.Compared.Row;

/** A comparison as one page that needs nothing beside it: no script, no other file. */
public final class Page {
    private final Compared compared;

    /** A page of this comparison. */
    public Page(Compared compared) {
        this.compared = compared;
    }

    /** The page as HTML. */
    public String html() {
        return String.format(Locale.ROOT, """
                <!DOCTYPE html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <title>Comparison</title>
                <style>
                %s</style>
                </head>
                <body>
                <h1>%s through %s</h1>
                <p class="faint">Every answer begins with seed %d. Rates are tokens a second over all answers behind the \
                first, which also prepares the device; reading of the prompt is included.</p>
                <div class="wide">
                <table>
                <tr><th>model</th><th>backend and device</th><th class="number">tokens</th><th class="number">seconds</th>\
                <th class="number">tokens/s</th><th>beside the first</th><th>weights</th></tr>
                %s</table>
                </div>
                %s</body>
                </html>
                """, style(), counted(compared.rows().size(), "prompt"), counted(compared.columns().size(), "column"),
                compared.seed(), each(compared.columns(), this::summary), each(compared.rows(), this::section));
    }

    private static String counted(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private String summary(Head head) {
        return String.format(Locale.ROOT, """
                <tr><td>%s</td><td>%s</td><td class="number">%d</td><td class="number">%s</td><td class="number">%s</td>\
                <td>%s%s</td><td><code>%s</code></td></tr>
                """, escaped(head.model()), escaped(where(head.devices(), head.backend())), head.tokens(),
                decimal(head.seconds()), decimal(head.tokensPerSecond()), agreement(head),
                head.failed() == 0 ? "" : " <span class=\"bad\">" + counted(head.failed(), "error") + "</span>",
                escaped(head.weights().orElse("")));
    }

    private String agreement(Head head) {
        if (head == compared.columns().getFirst()) {
            return "the first";
        }
        String mark = head.same() == head.compared() ? "good" : "bad";
        return head.compared() == 0 ? "nothing to compare" : String.format(Locale.ROOT,
                "<span class=\"%s\">%d of %d equal</span>",
                mark, head.same(), head.compared());
    }

    private String section(Row row) {
        String given = row.images().isEmpty() ? "" : "<div class=\"given\">\n" + each(row.images(), Page::picture) + "</div>\n";
        String cells = IntStream.range(0, row.cells().size())
                .mapToObj(i -> cell(compared.columns().get(i), row.cells().get(i))).collect(Collectors.joining());
        return String.format(Locale.ROOT, """
                <section>
                <h2>%s</h2>
                %s<div class="cells">
                %s</div>
                </section>
                """, escaped(row.text()), given, cells);
    }

    private static String cell(Head head, Cell cell) {
        return String.format(Locale.ROOT, """
                <div class="cell">
                <h3>%s</h3>
                %s</div>
                """, escaped(Column.title(head.model(), head.backend(), head.precision())),
                cell.error().map(error -> "<p class=\"bad\">" + escaped(error) + "</p>\n").orElseGet(() -> answer(cell)));
    }

    private static String answer(Cell cell) {
        return String.format(Locale.ROOT, """
                %s<p class="faint">%s, %s: %s in %s s, %s a second, on %s</p>
                %s<p class="faint"><code>%s</code></p>
                """, each(cell.parts(), Page::piece), cell.goal().map(Prompt::word).orElse(""),
                escaped(cell.outcome().orElse("")), counted(cell.tokens(), "token"), decimal(cell.seconds()),
                decimal(cell.tokensPerSecond()), escaped(where(cell.devices(), Optional.empty())),
                cell.difference().map(Page::difference).orElse(""), escaped(cell.weights().orElse("")));
    }

    private static String difference(Difference difference) {
        String words = !difference.equal() ? "differs from the first at token " + difference.token()
                : difference.colours() == 0 ? "equal to the first"
                : "the first one's tokens; colours differ by " + difference.colours() + " of 255 at most";
        return String.format(Locale.ROOT, "<p class=\"%s\">%s</p>%n", difference.equal() ? "good" : "bad", words);
    }

    private static String piece(Piece piece) {
        return piece.text().map(text -> "<p class=\"words\">" + escaped(text) + "</p>\n").orElse("")
                + piece.picture().map(Page::picture).orElse("");
    }

    private static String picture(String dataUrl) {
        return "<img alt=\"\" src=\"" + escaped(dataUrl) + "\">\n";
    }

    private static String where(List<String> devices, Optional<String> asked) {
        return devices.isEmpty() ? asked.orElse("") : String.join(", then ", devices);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.1f", number);
    }

    private static <T> String each(List<T> items, Function<T, String> html) {
        return items.stream().map(html).collect(Collectors.joining());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    private static String style() {
        try (InputStream style = Page.class.getResourceAsStream("page.css")) {
            return new String(style.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("the page's style cannot be read from the bundle", e);
        }
    }
}
