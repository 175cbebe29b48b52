package org.intarsia.training.lora;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.intarsia.model.api.ModelException;
import org.intarsia.training.api.TrainingException;
import org.intarsia.weights.WeightsException;

/**
 * Finds samples in a folder, by what its files are: texts ({@code *.txt}), JSON lines ({@code *.jsonl}) with {@code text} or with
 * {@code prompt} and {@code completion}, and pictures with captions, as Hugging Face's imagefolder has them: in
 * {@code metadata.jsonl} ({@code file_name}, {@code text}), or in a text file of the picture's name. What cannot be used is
 * listed with the reason. Files are taken in the order of their paths.
 */
final class SampleFiles {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> PICTURES = Set.of("png", "jpg", "jpeg", "gif", "bmp", "tif", "tiff");
    private static final String METADATA = "metadata.jsonl";

    private final Path data;
    private final Streams streams;
    private final BooleanSupplier cancelled;
    private final List<Sample> samples = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    /** Pictures that have their caption elsewhere. */
    private final Set<Path> captioned = new HashSet<>();

    /** @param cancelled is asked before each file and line, since coding pictures takes time */
    SampleFiles(Path data, Streams streams, BooleanSupplier cancelled) {
        this.cancelled = cancelled;
        this.data = data;
        this.streams = streams;
    }

    /**
     * The samples; the first call reads the files.
     *
     * @throws TrainingException     when there is none
     * @throws CancellationException when cancelled meanwhile
     */
    List<Sample> samples() {
        if (samples.isEmpty()) {
            List<Path> files = files();
            files.stream().filter(file -> ending(file).equals("jsonl")).forEach(this::lines);
            files.stream().filter(file -> !ending(file).equals("jsonl")).forEach(file -> add(file, files));
            if (samples.isEmpty()) {
                throw new TrainingException("the data in " + data + " hold no sample: give texts (*.txt), JSON lines (*.jsonl) with"
                        + " \"text\" or \"prompt\" and \"completion\", or pictures with captions"
                        + (skipped.isEmpty() ? "" : "; " + String.join("; ", skipped.subList(0, Math.min(3, skipped.size())))));
            }
        }
        return samples;
    }

    /** A clause for each sample that could not be used. */
    List<String> skipped() {
        return skipped;
    }

    private List<Path> files() {
        if (Files.isRegularFile(data)) {
            return List.of(data);
        }
        try (Stream<Path> walk = Files.walk(data)) {
            return walk.filter(Files::isRegularFile)
                    .filter(file -> Stream.iterate(data.relativize(file), part -> part != null, Path::getParent)
                            .noneMatch(part -> part.getFileName().toString().startsWith(".")))
                    .sorted().toList();
        } catch (IOException e) {
            throw new TrainingException("the data in " + data + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static String ending(Path file) {
        String name = file.getFileName().toString();
        return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    }

    private static String stem(Path file) {
        String name = file.getFileName().toString();
        return name.contains(".") ? name.substring(0, name.lastIndexOf('.')) : name;
    }

    private void add(Path file, List<Path> files) {
        if (PICTURES.contains(ending(file))) {
            Path caption = file.resolveSibling(stem(file) + ".txt");
            if (files.contains(caption)) {
                picture(name(file), file, () -> text(caption).strip());
            } else if (!captioned.contains(file.toAbsolutePath().normalize())) {
                skipped.add(name(file) + ": no caption, neither in " + METADATA + " nor in " + caption.getFileName());
            }
        } else if (ending(file).equals("txt")) {
            boolean isCaption = PICTURES.stream().anyMatch(picture -> files.contains(file.resolveSibling(stem(file) + "." + picture)));
            if (!isCaption) {
                use(name(file), () -> streams.text(text(file)));
            }
        } else {
            skipped.add(name(file) + ": neither text nor JSON lines nor a picture");
        }
    }

    private String name(Path file) {
        return Files.isRegularFile(data) ? data.getFileName().toString() : data.relativize(file).toString();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (CharacterCodingException e) {
            throw new TrainingException("not text in UTF-8", e);
        } catch (IOException e) {
            throw new TrainingException("cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private interface Reading {
        List<Sample> samples();
    }

    /** Takes the samples of one file or line, or lists why there are none. */
    private void use(String name, Reading reading) {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException("the training was stopped while it read its data");
        }
        try {
            samples.addAll(reading.samples());
        } catch (TrainingException | ModelException | WeightsException e) {
            // Where a picture is of no use, both ways of learning it say the same.
            String clause = name + ": " + e.getMessage();
            if (!skipped.contains(clause)) {
                skipped.add(clause);
            }
        }
    }

    private void lines(Path file) {
        int number = 0;
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                number++;
                String content = line;
                if (!line.isBlank()) {
                    String where = name(file) + ", line " + number;
                    use(where, () -> line(file, where, content));
                }
            }
        } catch (CharacterCodingException e) {
            skipped.add(name(file) + ": not text in UTF-8 behind line " + number);
        } catch (IOException e) {
            skipped.add(name(file) + ": cannot be read behind line " + number + " (" + e.getMessage() + ")");
        }
    }

    /** Each way that a picture is learned stands for itself: one may be possible where the other is not. */
    private void picture(String where, Path picture, Supplier<String> caption) {
        if (streams.describes()) {
            use(where, () -> streams.described(picture, caption.get()));
        }
        if (streams.imagines()) {
            use(where, () -> streams.imagined(picture, caption.get()));
        }
    }

    private List<Sample> line(Path file, String where, String line) {
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new TrainingException("no valid JSON (" + e.getOriginalMessage() + ")", e);
        }
        Function<String, String> field = name -> node.path(name).textValue();
        if (field.apply("file_name") != null && field.apply("text") != null) {
            Path picture = file.resolveSibling(field.apply("file_name")).toAbsolutePath().normalize();
            if (!picture.startsWith(file.toAbsolutePath().normalize().getParent())) {
                throw new TrainingException("the picture " + field.apply("file_name") + " is not in the folder of the file");
            }
            captioned.add(picture);
            picture(where, picture, () -> field.apply("text").strip());
            return List.of();
        }
        if (field.apply("prompt") != null && field.apply("completion") != null) {
            return streams.completion(field.apply("prompt"), field.apply("completion"));
        }
        if (field.apply("text") != null) {
            return streams.text(field.apply("text"));
        }
        throw new TrainingException("neither \"text\" nor \"prompt\" and \"completion\" nor \"file_name\" and \"text\"");
    }
}
