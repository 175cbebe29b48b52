package org.intarsia.training.recipe;

/** What is trained one after the other; its text names checkpoints and lines of the log. */
public enum Stage {
    /** The image tokenizer, encoder and decoder together. */
    IMAGE_TOKENIZER("image-tokenizer"),
    /** The decoder alone, with the codes frozen. */
    IMAGE_DECODER("image-decoder"),
    /** The transformer. */
    CORE("core");

    private final String text;

    Stage(String text) {
        this.text = text;
    }

    /** This stage's part of a recipe. */
    public Recipe.StagePart of(Recipe recipe) {
        return switch (this) {
            case IMAGE_TOKENIZER -> recipe.imageTokenizer().stage();
            case IMAGE_DECODER -> recipe.decoder().stage();
            case CORE -> recipe.core().stage();
        };
    }

    @Override
    public String toString() {
        return text;
    }
}
