package org.intarsia.evaluation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What {@code bench} prints for people. */
final class BenchTable {
    /** From here on operations are told in the next larger unit. */
    private static final double LARGE = 1e12;
    /** Up to so many rows of x memory bounds a product. */
    static final int FEW_ROWS = 8;

    private final Measured measured;
    private final String unit;
    private final double operations;
    private final List<String> lines = new ArrayList<>();

    private BenchTable(Measured measured) {
        this.measured = measured;
        boolean large = measured.limits().floatOperations() >= LARGE;
        this.unit = large ? "TFLOP/s" : "GFLOP/s";
        this.operations = large ? LARGE : 1e9;
    }

    /** The table, without a line break at the end. */
    static String of(Measured measured) {
        return new BenchTable(measured).text();
    }

    private String text() {
        lines.add(device(measured));
        add("%-33s %9.1f %s in F32, copies %.1f GB/s", "limits", measured.limits().floatOperations() / operations, unit,
                measured.limits().bytes() / 1e9);
        if (!measured.products().isEmpty()) {
            add("%-25s %-7s %9s %8s %12s %9s", "matrix products, " + measured.precision(), "weights", unit, "of limit",
                    "weights GB/s", "of copies");
            measured.products().forEach(this::add);
        }
        if (!measured.attention().isEmpty()) {
            add("%-33s %9s %8s %12s %9s", "attention, " + heads(measured.attention().getFirst()), unit, "of limit", "cache GB/s",
                    "of copies");
            measured.attention().forEach(this::add);
        }
        measured.model().ifPresent(this::add);
        measured.decoder().ifPresent(this::add);
        if (!measured.training().isEmpty()) {
            add("%-33s %9s %12s %9s", "training", "samples/s", unit, "of limit");
            measured.training().forEach(rate -> add("%-33s %9.1f %12.1f %7.0f %%", "  " + rate.recipe() + " " + rate.stage(),
                    rate.samplesPerSecond(), rate.floatOperationsPerSecond() / operations, 100 * rate.shareOfLimit()));
        }
        measured.baseline().ifPresent(this::add);
        return String.join("\n", lines);
    }

    private void add(Measured.Product product) {
        String what = line("  %-25s %-5s", sizes(product), product.encoding());
        if (product.unmeasured().isPresent()) {
            addUnmeasured(what, product.unmeasured());
            return;
        }
        String rate = line("%s %9.1f %6.0f %%", what, product.floatOperationsPerSecond().orElseThrow() / operations,
                100 * product.shareOfLimit().orElseThrow());
        // With many rows memory bounds nothing.
        lines.add(product.rows() > FEW_ROWS ? rate : line("%s %12.1f %7.0f %%", rate, product.weightBytesPerSecond().orElseThrow() / 1e9,
                100 * product.shareOfCopies().orElseThrow()));
    }

    static String sizes(Measured.Product product) {
        return line("%d × %d · %d × %d", product.rows(), product.inner(), product.inner(), product.columns());
    }

    /** Tells which places ask. */
    static String part(Measured.Attention attention) {
        int queries = attention.queries();
        return queries == attention.context() ? "a prompt of " + queries
                : "the last " + (queries == 1 ? "token" : queries + " tokens") + " of " + attention.context();
    }

    private static String heads(Measured.Attention attention) {
        return line("%d heads on %d of %d", attention.heads(), attention.keyHeads(), attention.headDim());
    }

    private void add(Measured.Attention attention) {
        String what = line("  %-31s", part(attention));
        if (attention.unmeasured().isPresent()) {
            addUnmeasured(what, attention.unmeasured());
            return;
        }
        String rate = line("%s %9.1f %6.0f %%", what, attention.floatOperationsPerSecond().orElseThrow() / operations,
                100 * attention.shareOfLimit().orElseThrow());
        lines.add(attention.queries() > 1 ? rate : line("%s %12.1f %7.0f %%", rate,
                attention.cacheBytesPerSecond().orElseThrow() / 1e9, 100 * attention.shareOfCopies().orElseThrow()));
    }

    private void add(Measured.Decoder decoder) {
        String what = line("image decoder, %d × %d pixels", decoder.width(), decoder.height());
        decoder.picturesPerSecond().ifPresentOrElse(rate -> add("%-33s %9.2f pictures/s", what, rate),
                () -> addUnmeasured(line("%-33s", what), decoder.unmeasured()));
    }

    private void add(Measured.Modelled model) {
        add("model %s, %s", model.name(), model.precision());
        add("%-33s %9.1f tokens/s", "  reads " + model.promptTokens() + " tokens at once", model.prefillPerSecond());
        for (Measured.Decode decode : model.decode()) {
            String what = "  makes tokens, " + sequences(decode.together());
            decode.tokensPerSecond().ifPresentOrElse(rate -> add("%-33s %9.1f tokens/s, %.1f GB/s of weights, %.0f %% of copies",
                    what, rate, decode.weightBytesPerSecond().orElseThrow() / 1e9, 100 * decode.shareOfCopies().orElseThrow()),
                    () -> addUnmeasured(line("%-33s", what), decode.unmeasured()));
        }
        for (Measured.Pictures pictures : model.pictures()) {
            String what = "  makes pictures, " + sequences(pictures.together());
            pictures.picturesPerSecond().ifPresentOrElse(rate -> add("%-33s %9.2f pictures/s", what, rate),
                    () -> addUnmeasured(line("%-33s", what), pictures.unmeasured()));
        }
    }

    private void add(Baseline.Comparison comparison) {
        add("%-55s %9s %8s %6s", "shares of the limits", "then", "now", "times");
        for (Baseline.Change change : comparison.changes()) {
            String what = "  " + change.what();
            change.then().ifPresentOrElse(
                    then -> add("%-55s %9.4f %8.4f %6.2f", what, then, change.now(), change.now() / then),
                    () -> add("%-55s %9s %8.4f", what, "–", change.now()));
        }
        add("then: %s", comparison.device());
        if (comparison.left() > 0) {
            add("not measured now: %d more", comparison.left());
        }
    }

    /** Names where something was measured. */
    static String device(Measured measured) {
        return line("%s/%s: %s", measured.backend(), measured.device().name(), measured.device().description());
    }

    static String sequences(int together) {
        return together == 1 ? "one alone" : together + " at once";
    }

    private void addUnmeasured(String what, Optional<Measured.Unmeasured> why) {
        lines.add(what + " not measured: " + why.orElseThrow().reason());
    }

    private void add(String format, Object... values) {
        lines.add(line(format, values));
    }

    private static String line(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
