package org.intarsia.training;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SortedSet;
import org.intarsia.io.AtomicFile;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ModelLayout;
import org.intarsia.picturebook.language.Language;
import org.intarsia.picturebook.world.World;
import org.intarsia.training.api.TrainingException;
import org.intarsia.training.recipe.Recipe;
import org.intarsia.weights.Weights;

/** The files of a model beside its weights, in the layout of its family. */
final class ModelDirectory {
    private static final ObjectMapper JSON = new ObjectMapper();
    private final Path folder;

    ModelDirectory(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes everything but the weights.
     *
     * @param words the words of the texts that the model learns from
     */
    void write(Recipe recipe, ModelLayout layout, BytePairTrainer.Vocabulary text, SortedSet<String> words) {
        layout.files(recipe.config().toString(), new ModelLayout.BytePairs(text.tokens(), text.merges())).forEach((name, content) -> {
            try {
                write(name, JSON.readTree(content));
            } catch (JsonProcessingException e) {
                throw new TrainingException("the family's " + name + " is no JSON: " + e.getOriginalMessage());
            }
        });
        ObjectNode known = JSON.createObjectNode();
        words.forEach(known.putArray("words")::add);
        World world = World.named(recipe.world());
        if (!world.equals(World.STANDARD)) {
            ArrayNode subjects = known.putArray("subjects");
            for (Language language : Language.values()) {
                language.subjects(world).forEach(subjects::add);
            }
            known.put("about", world.about());
        }
        write("known_words.json", known);
        write("generation_config.json", generation(recipe));
    }

    /** Returns the recipe's own, with the world that the model is of; the standard one goes without saying. */
    static JsonNode generation(Recipe recipe) {
        ObjectNode generation = recipe.generation().deepCopy();
        if (!recipe.world().equals(World.STANDARD.name())) {
            generation.withObject("intarsia").put("world", recipe.world());
        }
        return generation;
    }

    /** Writes a JSON file, all of it or nothing. */
    void write(String name, JsonNode content) {
        try {
            AtomicFile.write(folder.resolve(name), JSON.writerWithDefaultPrettyPrinter().writeValueAsString(content) + "\n");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + folder.resolve(name), e);
        }
    }

    /**
     * What factories make components from.
     *
     * @param family  of the model
     * @param weights the caller's
     */
    ModelFiles with(String family, Weights weights) {
        return new ModelFiles() {
            @Override
            public Path directory() {
                return folder;
            }

            @Override
            public String family() {
                return family;
            }

            @Override
            public Optional<String> json(String fileName) {
                try {
                    Path file = folder.resolve(fileName);
                    return Files.exists(file) ? Optional.of(Files.readString(file)) : Optional.empty();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }

            @Override
            public Weights weights() {
                return weights;
            }
        };
    }
}
