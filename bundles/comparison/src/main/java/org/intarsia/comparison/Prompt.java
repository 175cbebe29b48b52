package org.intarsia.comparison;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Part;
import org.intarsia.model.api.Text;

/**
 * What every model is asked.
 *
 * @param text   the words
 * @param images the pictures that go with them
 * @param goal   what shall come out; nothing for a picture where the model makes pictures, and else for text
 */
public record Prompt(String text, List<Image> images, Optional<Goal> goal) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> FIELDS = Set.of("text", "images", "goal");

    public Prompt {
        images = List.copyOf(images);
    }

    /**
     * Reads a file with one prompt a line: a text as it is, or a JSON object {@code {"text": "…", "images": ["FILE"…],
     * "goal": "picture"}}, whose files are looked for beside this one. Empty lines are passed over.
     *
     * @throws ModelException when the file cannot be read, holds no prompt, or has a line that is wrong
     */
    public static List<Prompt> read(Path file) {
        List<Prompt> prompts = new ArrayList<>();
        int number = 0;
        for (String line : lines(file)) {
            number++;
            if (!line.isBlank()) {
                prompts.add(line.stripLeading().startsWith("{") ? parsed(file, number, line)
                        : new Prompt(line.strip(), List.of(), Optional.empty()));
            }
        }
        if (prompts.isEmpty()) {
            throw new ModelException(file + " holds no prompts; write one a line");
        }
        return List.copyOf(prompts);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (NoSuchFileException e) {
            throw new ModelException(file + ": there is no such file", e);
        } catch (CharacterCodingException e) {
            throw new ModelException(file + " is no text in UTF-8", e);
        } catch (IOException e) {
            throw new ModelException(file + " cannot be read (" + e.getMessage() + ")", e);
        }
    }

    private static Prompt parsed(Path file, int number, String line) {
        String where = "line " + number + " of " + file + ": ";
        JsonNode node;
        try {
            node = JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new ModelException(where + "no valid JSON (" + e.getOriginalMessage() + ")", e);
        }
        node.fieldNames().forEachRemaining(name -> check(FIELDS.contains(name), where + "there is no field " + name
                + "; text, images and goal are read"));
        JsonNode text = node.path("text");
        check(text.isTextual(), where + "text should be a text");
        List<Image> images = new ArrayList<>();
        check(!node.has("images") || node.get("images").isArray(), where + "images should be a list of file names");
        for (JsonNode name : node.path("images")) {
            check(name.isTextual(), where + "images should be a list of file names");
            images.add(image(file, where, name.textValue()));
        }
        Optional<Goal> goal = node.has("goal") ? Optional.of(goal(where, node.get("goal"))) : Optional.empty();
        return new Prompt(text.textValue(), images, goal);
    }

    private static Image image(Path file, String where, String name) {
        try {
            return PictureFiles.read(file.resolveSibling(name));
        } catch (InvalidPathException e) {
            throw new ModelException(where + "'" + name + "' is no file name on this machine", e);
        }
    }

    private static Goal goal(String where, JsonNode node) {
        return Arrays.stream(Goal.values()).filter(goal -> word(goal).equals(node.textValue())).findFirst()
                .orElseThrow(() -> new ModelException(where + "goal is " + Arrays.stream(Goal.values()).map(Prompt::word)
                        .collect(Collectors.joining(" or ")) + ", not " + node));
    }

    private static void check(boolean right, String sentence) {
        if (!right) {
            throw new ModelException(sentence);
        }
    }

    /** As files and pages have it. */
    static String word(Goal goal) {
        return goal.name().toLowerCase(Locale.ROOT);
    }

    Goal goal(Model model) {
        return goal.orElseGet(() -> model.makes(Goal.PICTURE) ? Goal.PICTURE : Goal.ANSWER);
    }

    /** A question stands where the model's prompts have it; what shall become a picture before the pictures; other text behind. */
    List<Part> parts(Goal asked, Model model) {
        if (asked == Goal.ANSWER) {
            return model.question(text, images);
        }
        Stream<Part> words = Stream.of(new Text(text));
        return (asked == Goal.PICTURE ? Stream.concat(words, images.stream()) : Stream.concat(images.stream(), words)).toList();
    }
}
