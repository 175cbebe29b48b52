package org.intarsia.weights.tool;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.graph.Encoding;
import org.intarsia.graph.Shape;
import org.intarsia.io.AtomicFile;
import org.intarsia.text.Quoted;
import org.intarsia.weights.Checkpoint;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;
import org.intarsia.weights.Weights;
import org.intarsia.weights.WeightsException;
import org.intarsia.weights.llamacpp.LlamaCppModel;
import org.intarsia.weights.llamacpp.WrittenTensor;

/**
 * A checkpoint in another encoding.
 *
 * @param file      what was written
 * @param bytes     its length
 * @param converted how many tensors have the new encoding now, or had it before
 * @param kept      those that have another one, since the new one does not fit them, by their encodings
 * @param overflows by the tensors' names how many of their values are too large for the encoding, and infinite in it
 * @param form      whose names and metadata the file has, and who reads it
 * @param notes     what the checkpoint says and the file does not, each a clause
 */
public record Conversion(String file, long bytes, Encoding encoding, long converted, Map<String, List<String>> kept,
        Map<String, Long> overflows, String form, List<String> notes) {
    /** What can be written. */
    public static final List<Encoding> ENCODINGS = List.of(Encoding.F32, Encoding.F16, Encoding.BF16, Encoding.Q8_0,
            Encoding.Q4_0, Encoding.Q4_K, Encoding.Q6_K);

    /**
     * Matrices by their shape that are none by their use, or too little worth for what they would lose: scales of norms,
     * tables of places, and the book of codes, in which the nearest row decides what a picture becomes.
     */
    private static final Pattern NO_MATRIX = Pattern.compile(".*(norm|position_embedding|quantize\\.embedding).*");

    private static final String ARCHITECTURE = "general.architecture";
    /** What stands there in files with the names of Hugging Face's layout. */
    private static final String OWN = "huggingface";
    private static final String FILE_TYPE = "general.file_type";

    /** How llama.cpp numbers files by what most of their tensors are. */
    private static final Map<Encoding, Integer> FILE_TYPES = Map.of(Encoding.F32, 0, Encoding.F16, 1, Encoding.Q4_0, 2,
            Encoding.Q8_0, 7, Encoding.Q4_K, 15, Encoding.Q6_K, 18, Encoding.BF16, 32);

    /**
     * Converts a checkpoint: a file into a file, or a directory into a directory, to which everything beside the weights is
     * copied; names stay as they are then. A directory is also converted into a single file: into a GGUF file as llama.cpp
     * reads it, with its names and its tokenizer, where llama.cpp has the directory's text family. An interrupted
     * conversion goes on from where it was when it is called again, unless the weights have changed meanwhile.
     *
     * @param out a file that ends in {@code .safetensors} or {@code .gguf}, or a directory, which need not exist
     * @throws WeightsException when it cannot be done; then {@code out} is as it was
     */
    public static Conversion of(Path in, Path out, Encoding encoding, ProgressListener listener) {
        refuseToOverwrite(in, out);
        if (!Files.isDirectory(in)) {
            return file(in, out, encoding, false, listener);
        }
        if (isFile(out)) {
            return file(in, out, encoding, true, listener);
        }
        if (Files.exists(out) && !Files.isDirectory(out)) {
            throw new WeightsException("'" + out + "' is not a directory; a directory is converted into a directory, or into"
                    + " a file that ends in .safetensors or .gguf");
        }
        Path file = out.resolve(encoding.isBlockQuantised() ? Checkpoint.SINGLE_GGUF : Checkpoint.SINGLE);
        List<Path> others = beside(in);
        return into(out, file, others, () -> file(in, file, encoding, false, listener));
    }

    /**
     * Writes weights into a directory, which is made where it is not there, and then copies other files beside them.
     *
     * @param file   the only weights that the directory may have already
     * @param others are copied when the weights are written
     */
    static <R> R into(Path out, Path file, List<Path> others, Supplier<R> writing) {
        try {
            Files.createDirectories(out);
            for (Path weights : weightsIn(out)) {
                if (!weights.equals(file)) {
                    throw new WeightsException("'" + out + "' has other weights already, " + weights.getFileName()
                            + "; name another directory");
                }
            }
            R written = writing.get();
            for (Path other : others) {
                copy(other, out.resolve(other.getFileName()));
            }
            return written;
        } catch (IOException e) {
            throw new WeightsException("'" + out + "' cannot be written (" + e.getMessage() + ")", e);
        }
    }

    static void refuseToOverwrite(Path in, Path out) {
        try {
            boolean same = Files.exists(out) && (Files.isSameFile(in, out) || Files.isDirectory(in) && isWeights(out)
                    && Files.isSameFile(in, out.toAbsolutePath().getParent()));
            if (same) {
                throw new WeightsException("'" + out + "' is what would be converted, and would be lost; name another file or"
                        + " directory to write");
            }
        } catch (IOException e) {
            throw new WeightsException("'" + out + "' cannot be looked at (" + e.getMessage() + ")", e);
        }
    }

    private static boolean isFile(Path path) {
        return Checkpoint.isNamedGguf(path) || path.getFileName().toString().endsWith(".safetensors");
    }

    private static boolean isWeights(Path path) {
        return isFile(path) || path.getFileName().toString().endsWith(".safetensors.index.json");
    }

    private static List<Path> weightsIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Conversion::isWeights).filter(file -> !file.getFileName().toString().startsWith(".")).toList();
        }
    }

    /** The files of a directory that are no weights. */
    static List<Path> beside(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(Files::isRegularFile).filter(file -> !isWeights(file)).toList();
        } catch (IOException e) {
            throw new WeightsException("the directory '" + directory + "' cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        AtomicFile.write(to, part -> Files.copy(from, part));
    }

    /** @param single whether the file has to say everything, since nothing is copied beside it */
    private static Conversion file(Path in, Path out, Encoding encoding, boolean single, ProgressListener listener) {
        if (!isFile(out)) {
            throw new WeightsException("'" + out + "' should end in .safetensors or .gguf, which says what is written");
        }
        if (encoding.isBlockQuantised() && !Checkpoint.isNamedGguf(out)) {
            throw new WeightsException("safetensors files cannot hold " + encoding + "; name a file that ends in .gguf");
        }
        try (Weights weights = Checkpoint.open(in)) {
            boolean gguf = Checkpoint.isNamedGguf(out);
            Optional<LlamaCppModel> model = single && gguf ? LlamaCppModel.of(in, weights) : Optional.empty();
            List<TensorSource> tensors = new ArrayList<>();
            Map<String, List<String>> kept = new TreeMap<>();
            Map<String, Overflows> overflows = new TreeMap<>();
            for (WrittenTensor tensor : model.map(LlamaCppModel::tensors).orElseGet(() -> unchanged(weights))) {
                Encoding target = model.isPresent() ? tensor.target(encoding) : target(tensor.tensor(), encoding);
                TensorSource source = tensor.in(target);
                Overflows counter = new Overflows(source, tensor.tensor().type().encoding(), tensor.values());
                overflows.put(tensor.name(), counter);
                tensors.add(counter.counting(source));
                if (target != encoding) {
                    kept.computeIfAbsent(target.toString(), any -> new ArrayList<>()).add(tensor.name());
                }
            }
            TensorWriter writer = gguf ? TensorWriter.gguf(out, tensors, model
                    .map(found -> found.metadata(Map.of(FILE_TYPE, FILE_TYPES.get(encoding))))
                    .orElseGet(() -> ggufMetadata(weights.metadata(), encoding)))
                    : TensorWriter.safetensors(out, tensors, safetensorsMetadata(weights.metadata()));
            String name = out.getFileName().toString();
            writer.resumable(encoding + " of " + state(in)).onProgress(bytes -> listener.at(name, bytes, writer.bytes())).write();
            long stayed = kept.values().stream().mapToLong(List::size).sum();
            return new Conversion(out.toString(), writer.bytes(), encoding, tensors.size() - stayed, kept, counted(overflows),
                    form(in, gguf, single, model, weights.metadata()), model.map(LlamaCppModel::notes).orElse(List.of()));
        }
    }

    private static List<WrittenTensor> unchanged(Weights weights) {
        return weights.list().stream().map(info -> weights.get(info.name()))
                .map(tensor -> WrittenTensor.of(tensor.name(), tensor)).toList();
    }

    /** Says whose names and metadata a file has, and who reads it. */
    private static String form(Path in, boolean gguf, boolean single, Optional<LlamaCppModel> model, Metadata metadata) {
        if (!gguf) {
            return "the checkpoint's own names, as safetensors";
        }
        if (model.isPresent()) {
            return "llama.cpp's own names and metadata, architecture " + model.get().architecture();
        }
        Optional<String> architecture = metadata.text(ARCHITECTURE).filter(name -> !name.equals(OWN));
        if (architecture.isPresent()) {
            return "the names and metadata of the GGUF file that was read, architecture " + architecture.get();
        }
        String own = "the checkpoint's own names; read here beside its config.json, and not by llama.cpp";
        return !single ? own : own + LlamaCppModel.modelType(in)
                .map(type -> ", whose text families that are written do not include " + Quoted.of(type)).orElse("");
    }

    /** The tensors with values that are infinite now, and how many. */
    static Map<String, Long> counted(Map<String, Overflows> overflows) {
        Map<String, Long> counts = new TreeMap<>();
        overflows.forEach((name, overflow) -> {
            if (overflow.count() > 0) {
                counts.put(name, overflow.count());
            }
        });
        return counts;
    }

    private static Encoding target(Tensor tensor, Encoding encoding) {
        Encoding stored = tensor.type().encoding();
        return !stored.isInteger() && fits(tensor.name(), tensor.shape(), encoding) ? encoding : stored;
    }

    /** Whether a tensor gets an encoding when all are to have it that can: any, or blocks where it is a matrix of whole ones. */
    public static boolean fits(String name, Shape shape, Encoding encoding) {
        return !encoding.isBlockQuantised()
                || shape.rank() == 2 && shape.size(1) % encoding.blockElements() == 0 && !NO_MATRIX.matcher(name).matches();
    }

    /** Names the sources of the weights: an interrupted conversion of other ones is of no use. */
    static String state(Path in) {
        return Checkpoint.files(in).stream().map(file -> {
            try {
                return file.toRealPath() + " " + Files.size(file) + " " + Files.getLastModifiedTime(file);
            } catch (IOException e) {
                throw new WeightsException("'" + file + "' cannot be read (" + e.getMessage() + ")", e);
            }
        }).collect(Collectors.joining("\n"));
    }

    private static Metadata ggufMetadata(Metadata metadata, Encoding encoding) {
        Map<String, Object> more = new HashMap<>();
        if (metadata.keys().contains(FILE_TYPE)) {
            more.put(FILE_TYPE, FILE_TYPES.get(encoding));
        }
        if (!metadata.keys().contains(ARCHITECTURE)) {
            // The format demands one. The names are those of the layout of Hugging Face, and so is what stands beside.
            more.put(ARCHITECTURE, OWN);
        }
        // One file is written, of however many parts it came.
        return metadata.without("split.").with(Metadata.of(more));
    }

    static Map<String, String> safetensorsMetadata(Metadata metadata) {
        Map<String, String> texts = new TreeMap<>(metadata.asTexts());
        // Without this some readers refuse the file.
        texts.putIfAbsent("format", "pt");
        return texts;
    }
}
