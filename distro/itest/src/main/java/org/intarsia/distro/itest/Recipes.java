package org.intarsia.distro.itest;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** Recipes to try training with. */
final class Recipes {
    private Recipes() {
    }

    /** The picture book's with tiny networks and a few steps a stage, as a file in this folder. */
    static Path tiny(Path folder) throws IOException {
        Path recipe = folder.resolve("tiny.json");
        try (InputStream content = Recipes.class.getResourceAsStream("/tiny-recipe.json")) {
            Files.copy(content, recipe, StandardCopyOption.REPLACE_EXISTING);
        }
        return recipe;
    }
}
