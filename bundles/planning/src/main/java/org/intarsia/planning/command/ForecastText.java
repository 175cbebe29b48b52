package org.intarsia.planning.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.intarsia.graph.Encoding;
import org.intarsia.planning.api.Forecast.Component;
import org.intarsia.planning.api.Forecast.Encoded;
import org.intarsia.planning.api.Forecast.Fit;
import org.intarsia.planning.api.Forecast.HostShare;
import org.intarsia.planning.api.Forecast.Rate;
import org.intarsia.planning.api.Forecast.Share;
import org.intarsia.planning.api.Forecast.Split;
import org.intarsia.planning.api.Forecast.Spread;
import org.intarsia.planning.api.Forecast;
import org.intarsia.shell.api.Sizes;

/** A forecast as tables for people. */
record ForecastText(Forecast forecast) {

    @Override
    public String toString() {
        List<String> lines = new ArrayList<>();
        var sizes = forecast.geometry();
        lines.add(String.format(Locale.ROOT, "%s, family %s: %s", forecast.model(), forecast.family(), forecast.basis()));
        lines.add(String.format(Locale.ROOT, "%s, hidden size %d, %d key heads of %d, vocabulary %d, context %d",
                Sizes.counted(sizes.layers(), "layer"), sizes.hidden(),
                sizes.keyHeads(), sizes.headDim(), sizes.vocabulary(), forecast.context()));
        lines.add("");
        lines.add(line("%-20s %8s %16s", "component", "tensors", "parameters"));
        forecast.components().forEach(component -> lines.add(line("%-20s %8d %,16d", component.name(), component.tensors(),
                component.parameters())));
        lines.add(line("%-20s %8d %,16d", "all", forecast.components().stream().mapToInt(Component::tensors).sum(),
                forecast.components().stream().mapToLong(Component::parameters).sum()));
        forecast.absent().forEach((kind, reason) -> lines.add("no " + kind + ": " + reason));
        lines.add("");
        long whole = forecast.cacheBytes() * forecast.context();
        lines.add(String.format(Locale.ROOT,
                "keys and values: %s a token; for %d tokens %s, under guidance with 2 streams %s, with 3 %s",
                Sizes.bytes(forecast.cacheBytes()), forecast.context(), Sizes.bytes(whole), Sizes.bytes(2 * whole),
                Sizes.bytes(3 * whole)));
        lines.add("intermediate values: " + forecast.work().entrySet().stream()
                .map(entry -> entry.getKey() + " " + Sizes.bytes(entry.getValue())).collect(Collectors.joining(", ")));
        lines.add("");
        encodings(lines);
        lines.add("");
        rates(lines);
        splits(lines);
        return String.join("\n", lines);
    }

    private void encodings(List<String> lines) {
        StringBuilder head = new StringBuilder(line("%-10s %10s %12s", "encoding", "weights", "read a token"));
        List<Fit> first = forecast.encodings().getFirst().fits();
        first.forEach(fit -> head.append(line(" %16s", fit.memory())));
        lines.add(head.toString());
        for (Encoded encoded : forecast.encodings()) {
            StringBuilder row = new StringBuilder(line("%-10s %10s %12s", encoded.encoding(), Sizes.bytes(encoded.bytes()),
                    Sizes.bytes(encoded.bytesPerToken())));
            encoded.fits().forEach(fit -> row.append(line(" %16s", fit.fits() ? "fits"
                    : fit.count().map(count -> count + " of them").orElse("too small"))));
            lines.add(row.toString());
        }
    }

    private void rates(List<String> lines) {
        lines.add("tokens/s at most, by bandwidth; 1 / 2 / 3 streams, cache half full");
        StringBuilder head = new StringBuilder(line("%-10s", ""));
        List<Rate> first = forecast.encodings().getFirst().rates();
        first.stream().map(Rate::bandwidth).distinct().forEach(rate -> head.append(line(" %22s", Sizes.bytes(rate.longValue()) + "/s")));
        lines.add(head.toString());
        for (Encoded encoded : forecast.encodings()) {
            StringBuilder row = new StringBuilder(line("%-10s", encoded.encoding()));
            encoded.rates().stream().map(Rate::bandwidth).distinct().forEach(bandwidth -> row.append(line(" %22s",
                    encoded.rates().stream().filter(rate -> rate.bandwidth() == bandwidth)
                            .map(rate -> digits(rate.tokensASecond())).collect(Collectors.joining(" / ")))));
            lines.add(row.toString());
        }
    }

    private void splits(List<String> lines) {
        for (Encoded encoded : forecast.encodings()) {
            encoded.together().ifPresent(split -> {
                lines.add("");
                lines.add(encoded.encoding() + " on these devices:");
                shares(split, lines);
            });
            encoded.spread().ifPresent(spread -> {
                lines.add("");
                spread(encoded.encoding(), spread, lines);
            });
        }
    }

    private static void shares(Split split, List<String> lines) {
        int number = 1;
        for (Share share : split.shares()) {
            lines.add(line("  %2d %-10s %10s  %s", number++, share.memory(), Sizes.bytes(share.bytes()), share.pieces()));
        }
        if (split.left().bytes() > 0) {
            lines.add(line("  no room for   %10s  %s", Sizes.bytes(split.left().bytes()), split.left().pieces()));
        }
    }

    private static void spread(Encoding encoding, Spread spread, List<String> lines) {
        if (spread.hosts().isEmpty()) {
            lines.add(encoding + ": these hosts have no room for all layers");
            return;
        }
        lines.add(encoding + " over these hosts, with the time of a step of one stream:");
        int number = 1;
        for (HostShare share : spread.hosts()) {
            lines.add(line("  %2d %-18s %10s %9s ms  %s", number++, share.host(), Sizes.bytes(share.bytes()), digits(1e3 * share.seconds()),
                    share.pieces()));
        }
        lines.add(spread.rates().stream().map(rate -> Sizes.counted(rate.streams(), "stream") + " " + digits(rate.tokensASecond()))
                .collect(Collectors.joining(", ", "  tokens/s at most: ", "")));
    }

    private static String digits(double value) {
        return line(value < 100 ? "%.3g" : "%.0f", value);
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
