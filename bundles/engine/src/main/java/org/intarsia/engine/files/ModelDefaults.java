package org.intarsia.engine.files;

import java.util.Optional;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.sampling.GenerationRules;
import org.intarsia.model.api.GenerationDefaults;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFamily;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;
import org.intarsia.model.blocks.Fields;

/**
 * How a model is best run: its {@code generation_config.json}, else what its family's authors use.
 *
 * <p>The keys of Hugging Face are about text, and mean what they mean to transformers: without {@code do_sample: true} the
 * best token is always taken; with it, what is left out is {@code temperature} 1, {@code top_k} 50, {@code top_p} 1. {@link
 * GenerationRules} has those that are no sampling; {@link Unfollowed} names those that are not followed. What they cannot say
 * stands under a key of our own:
 * {@snippet lang=json :
 * "intarsia": {
 *   "text":    { "temperature": 0.7, "top_k": 0, "top_p": 0.9, "repetition_penalty": 1.2, "max_new_tokens": 128 },
 *   "picture": { "temperature": 0.7, "top_k": 0, "top_p": 0.9, "guidance_text": 3.0, "guidance_image": 1.2,
 *                "layout_tokens": 24, "layout_temperature": 0.7 }
 * }
 * }
 * where each may be left out. A model with {@code layout_tokens} writes, before each picture that is asked for, at most so
 * many tokens of text that say what goes where, by a temperature of their own. Families that make pictures publish {@code
 * guidance_scale}, which is about these. Immutable.
 */
public final class ModelDefaults {
    private static final String FILE = "generation_config.json";
    private static final String OWN = "intarsia";
    /** The defaults of transformers. */
    private static final Sampling DEFAULTS = Sampling.builder().temperature(1).topK(50).build();

    private final Sampling text;
    private final Sampling picture;
    private final GenerationRules rules;
    private final Layout layout;

    /**
     * The plan of a picture in words, which a model may write first.
     *
     * @param tokens      the most words; 0 for a model that does not
     * @param temperature of their choice
     */
    public record Layout(int tokens, double temperature) {
        static final Layout NONE = new Layout(0, 1);
    }

    /**
     * Reads them.
     *
     * @param family says what the file leaves out
     */
    public ModelDefaults(ModelFiles files, ModelFamily family) {
        Sampling familyText = sampling(family.text());
        Sampling familyPicture = family.picture().map(ModelDefaults::sampling).orElse(familyText);
        Optional<String> json = files.json(FILE);
        if (json.isEmpty()) {
            text = familyText;
            picture = familyPicture;
            rules = GenerationRules.NONE;
            layout = Layout.NONE;
            return;
        }
        ConfigFile config = ConfigFile.read(files, FILE);
        try {
            boolean guidesPictures = family.picture().isPresent();
            rules = GenerationRules.read(Fields.read(json.get(), FILE), guidesPictures);
            Sampling published = overlay(DEFAULTS, config);
            if (rules.maxLength().isPresent() && !config.has("max_new_tokens")) {
                published = published.withMaxTokens(Sampling.UNLIMITED);
            }
            if (!config.flag("do_sample", false)) {
                published = published.toBuilder().temperature(0).build();
            }
            Sampling guided = guidesPictures ? familyPicture.toBuilder().guidance(
                    config.decimal("guidance_scale", familyPicture.guidanceText()), familyPicture.guidanceImage()).build() : familyPicture;
            if (config.has(OWN)) {
                ConfigFile own = config.at(OWN);
                text = own.has("text") ? overlay(published, own.at("text")) : published;
                picture = own.has("picture") ? overlay(guided, own.at("picture")) : guided;
                layout = own.has("picture") ? layout(own.at("picture")) : Layout.NONE;
            } else {
                text = published;
                picture = guided;
                layout = Layout.NONE;
            }
        } catch (ModelException e) {
            throw new ModelException(FILE + " of the model in " + files.directory() + " cannot be used: " + e.getMessage(),
                    e);
        }
        config.check();
    }

    private static Sampling sampling(GenerationDefaults defaults) {
        return Sampling.builder().temperature(defaults.temperature()).topK(defaults.topK()).topP(defaults.topP())
                .repetitionPenalty(defaults.repetitionPenalty()).guidance(defaults.guidanceText(), defaults.guidanceImage())
                .maxTokens(defaults.maxTokens()).build();
    }

    private static Sampling overlay(Sampling base, ConfigFile changes) {
        double topP = changes.decimal("top_p", base.topP());
        return base.toBuilder()
                .temperature(changes.decimal("temperature", base.temperature()))
                .topK(changes.number("top_k", base.topK()))
                // transformers keeps the best token alone at 0.
                .topP(topP == 0 ? Double.MIN_VALUE : topP)
                .minP(changes.decimal("min_p", base.minP()))
                .repetitionPenalty(changes.decimal("repetition_penalty", base.repetitionPenalty()))
                .guidance(changes.decimal("guidance_text", base.guidanceText()), changes.decimal("guidance_image", base.guidanceImage()))
                .maxTokens(changes.size("max_new_tokens", base.maxTokens())).build();
    }

    private static Layout layout(ConfigFile picture) {
        return new Layout(picture.number("layout_tokens", 0), picture.decimal("layout_temperature", Layout.NONE.temperature()));
    }

    /** Returns the settings of layouts. */
    public Layout layout() {
        return layout;
    }

    /** Returns the sampling of pictures. */
    public Sampling picture() {
        return picture;
    }

    /** Returns the logits processors and limits of text. */
    public GenerationRules rules() {
        return rules;
    }

    /** Returns the sampling for a goal: that of pictures, or that of text. */
    public Sampling sampling(Goal goal) {
        return goal == Goal.PICTURE ? picture : text;
    }
}
