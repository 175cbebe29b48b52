package org.intarsia.planning;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.intarsia.graph.Encoding;
import org.intarsia.model.api.ModelException;
import org.intarsia.planning.api.Blueprint;
import org.intarsia.planning.api.Planner;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.intarsia.weights.WeightsException;
import org.intarsia.weights.tool.ProgressListener;

/** Writes a model directory with weights of {@link RandomValues}. */
final class RandomCheckpoint {
    private static final String TOKENIZER = "tokenizer.json";

    private final Configuration configuration;
    private final Blueprint blueprint;
    private final Encoding encoding;
    private final long seed;

    RandomCheckpoint(Configuration configuration, Blueprint blueprint, Encoding encoding, long seed) {
        if (!Planner.WRITABLE.contains(encoding)) {
            throw new ModelException("random weights are not made in " + encoding + " but in " + Planner.WRITABLE);
        }
        this.configuration = configuration;
        this.blueprint = blueprint;
        this.encoding = encoding;
        this.seed = seed;
    }

    /** Writes it; gives the bytes of the weights. */
    long write(Path directory, ProgressListener listener) {
        Path whole = directory.toAbsolutePath().normalize();
        Path part = whole.resolveSibling("." + whole.getFileName() + ".part");
        try {
            if (Files.exists(whole) && !isEmpty(whole)) {
                throw new ModelException("'" + directory + "' is there already; name another directory or remove it");
            }
            Files.createDirectories(part);
            writeTexts(part);
            long bytes = writeWeights(part, listener);
            Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
            return bytes;
        } catch (IOException e) {
            throw new WeightsException("'" + directory + "' cannot be written (" + e + ")", e);
        }
    }

    private static boolean isEmpty(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.findAny().isEmpty();
        }
    }

    private void writeTexts(Path part) throws IOException {
        for (Map.Entry<String, JsonNode> file : configuration.files().entrySet()) {
            Files.writeString(part.resolve(file.getKey()), file.getValue().toPrettyString() + "\n");
        }
        Path own = configuration.directory().resolve(TOKENIZER);
        if (Files.isRegularFile(own)) {
            Files.copy(own, part.resolve(TOKENIZER), StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.writeString(part.resolve(TOKENIZER), configuration.vocabulary().tokenizer() + "\n");
        }
    }

    private long writeWeights(Path part, ProgressListener listener) {
        List<TensorSource> tensors = blueprint.pieces().stream().flatMap(piece -> piece.weights().stream())
                .map(weight -> RandomValues.source(weight.name(), weight.shape(), encoding, seed)).toList();
        TensorWriter writer = encoding.isBlockQuantised()
                ? TensorWriter.gguf(part.resolve(Checkpoint.SINGLE_GGUF), tensors, Metadata.of(Map.of(
                        // The format demands one. The names are those of the layout of Hugging Face.
                        "general.architecture", "huggingface", "general.name", configuration.name() + ", random")))
                : TensorWriter.safetensors(part.resolve(Checkpoint.SINGLE), tensors, Map.of("format", "pt"));
        long bytes = writer.bytes();
        writer.resumable("random weights of " + configuration.name() + " in " + encoding + ", seed " + seed)
                .onProgress(written -> listener.at("random weights", written, bytes)).write();
        return bytes;
    }
}
