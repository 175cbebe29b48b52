package org.intarsia.training.trainer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The course of a training: one JSON line a report, in {@code log.jsonl}. */
public final class TrainingLog {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final List<ObjectNode> entries = new ArrayList<>();

    /** Opens the log in a folder, or begins one. */
    public TrainingLog(Path folder) {
        this.file = folder.resolve("log.jsonl");
        if (Files.exists(file)) {
            try {
                for (String line : Files.readAllLines(file)) {
                    if (readable(line) instanceof ObjectNode entry) {
                        entries.add(entry);
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A line that was being written when the process died is no entry. */
    private static JsonNode readable(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    void step(String stage, int step, double loss, double samplesPerSecond, double seconds) {
        ObjectNode entry = JSON.createObjectNode().put("stage", stage).put("step", step)
                .put("loss", Math.round(loss * 1e5) / 1e5).put("samplesPerSecond", Math.round(samplesPerSecond * 10) / 10.0)
                .put("seconds", Math.round(seconds * 100) / 100.0);
        entries.add(entry);
        write(entry + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** Forgets what came after a checkpoint, because it will come again. */
    void rewind(String stage, int step) {
        entries.removeIf(entry -> entry.path("stage").asText().equals(stage) && entry.path("step").asInt() > step);
        StringBuilder text = new StringBuilder();
        entries.forEach(entry -> text.append(entry).append('\n'));
        write(text.toString(), StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE);
    }

    private void write(String text, StandardOpenOption... options) {
        try {
            Files.writeString(file, text, options);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Seconds that the steps of all stages took. */
    public double seconds() {
        return entries.stream().mapToDouble(entry -> entry.path("seconds").asDouble()).sum();
    }

    /** The losses of all stages, at most {@code most} entries a stage, evenly chosen. */
    public ArrayNode curve(int most) {
        ArrayNode curve = JSON.createArrayNode();
        List<String> stages = entries.stream().map(entry -> entry.path("stage").asText()).distinct().toList();
        for (String stage : stages) {
            List<ObjectNode> mine = entries.stream().filter(entry -> entry.path("stage").asText().equals(stage)).toList();
            int apart = Math.ceilDiv(mine.size(), most);
            for (int i = mine.size() - 1; i >= 0; i -= apart) {
                curve.insert(curve.size() - (mine.size() - 1 - i) / apart, mine.get(i));
            }
        }
        return curve;
    }
}
