package org.intarsia.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.io.AtomicFile;

/**
 * Rates divided by the limits that were measured with them, as a file keeps them: so a later run tells what became faster or slower,
 * also on a machine that is slower today. What one row or a few rows read from memory, and decoding, is divided by the rate of copies,
 * all else by the rate of operations.
 *
 * @param device where it was measured
 * @param shares by what was measured; above 1 where a rate is not bounded by the limit, such as tokens by a billion of operations
 */
record Baseline(String device, Map<String, Double> shares) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double BILLION = 1e9;

    /**
     * A measurement beside the one that a file keeps.
     *
     * @param device  where the one in the file was measured
     * @param changes what was measured now
     * @param left    how many shares of the file were not measured now
     */
    public record Comparison(String device, List<Change> changes, int left) {
    }

    /**
     * A share of the limit, then and now.
     *
     * @param what was measured
     * @param then null where the file does not have it
     */
    public record Change(String what, Optional<Double> then, double now) {
    }

    /** Takes what was measured. */
    static Baseline of(Measured measured) {
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Measured.Product product : measured.products()) {
            (product.rows() > BenchTable.FEW_ROWS ? product.shareOfLimit() : product.shareOfCopies()).ifPresent(share -> shares.put(
                    "product " + BenchTable.sizes(product) + " " + product.encoding() + ", " + measured.precision(), share));
        }
        for (Measured.Attention attention : measured.attention()) {
            (attention.queries() > 1 ? attention.shareOfLimit() : attention.shareOfCopies()).ifPresent(share -> shares.put(
                    "attention, " + BenchTable.part(attention) + ", " + measured.precision(), share));
        }
        double operations = measured.limits().floatOperations() / BILLION;
        measured.model().ifPresent(model -> {
            String name = "model " + model.name() + ", " + model.precision() + ": ";
            shares.put(name + "reads " + model.promptTokens() + " tokens at once", model.prefillPerSecond() / operations);
            model.decode().forEach(decode -> decode.shareOfCopies().ifPresent(share -> shares.put(
                    name + "makes tokens, " + BenchTable.sequences(decode.together()), share)));
            model.pictures().forEach(pictures -> pictures.picturesPerSecond().ifPresent(rate -> shares.put(
                    name + "makes pictures, " + BenchTable.sequences(pictures.together()), rate / operations)));
        });
        measured.decoder().ifPresent(decoder -> decoder.picturesPerSecond().ifPresent(rate -> shares.put(
                "image decoder of " + decoder.name(), rate / operations)));
        measured.training().forEach(rate -> shares.put("training of " + rate.recipe() + " " + rate.stage(), rate.shareOfLimit()));
        return new Baseline(BenchTable.device(measured), shares);
    }

    /**
     * Reads a file.
     *
     * @return nothing where there is no such file
     * @throws IOException with one sentence, where it cannot be read or holds something else
     */
    static Optional<Baseline> read(Path file) throws IOException {
        if (Files.notExists(file)) {
            if (!Files.isDirectory(file.toAbsolutePath().getParent())) {
                throw new IOException("there is no folder for " + file + ": make it first");
            }
            return Optional.empty();
        }
        JsonNode json;
        try {
            json = JSON.readTree(Files.readAllBytes(file));
        } catch (JsonProcessingException e) {
            throw new IOException(strange(file), e);
        }
        Map<String, Double> shares = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> share : json.path("shares").properties()) {
            if (!share.getValue().isNumber() || !(share.getValue().doubleValue() > 0)) {
                throw new IOException(strange(file));
            }
            shares.put(share.getKey(), share.getValue().doubleValue());
        }
        if (shares.isEmpty() || !json.path("device").isTextual()) {
            throw new IOException(strange(file));
        }
        return Optional.of(new Baseline(json.path("device").textValue(), shares));
    }

    private static String strange(Path file) {
        return file + " holds no shares of an earlier run: name another file, or remove this one to keep those of the next run";
    }

    /** Writes a file, whole or not at all. */
    void write(Path file) throws IOException {
        AtomicFile.write(file, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
    }

    /** Puts what was measured now beside this. */
    Comparison with(Baseline now) {
        List<Change> changes = new ArrayList<>();
        now.shares.forEach((what, share) -> changes.add(new Change(what, Optional.ofNullable(shares.get(what)), share)));
        int left = (int) shares.keySet().stream().filter(what -> !now.shares.containsKey(what)).count();
        return new Comparison(device, changes, left);
    }
}
