package org.intarsia.engine;

import jakarta.inject.Inject;
import java.util.Optional;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Sampling;
import org.intarsia.engine.logits.GenerationRules;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;

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
 *   "picture": { "temperature": 0.7, "top_k": 0, "top_p": 0.9, "guidance_text": 3.0, "guidance_image": 1.2 }
 * }
 * }
 * where each may be left out. Janus and Emu3 publish {@code guidance_scale}, which is about pictures. Immutable.
 */
final class Preferences {
    private static final String FILE = "generation_config.json";
    private static final String OWN = "intarsia";
    /** The defaults of transformers. */
    private static final Sampling DEFAULTS = new Sampling(1, 50, 1, 0, 1, 1, 1, 0, 128);

    private final Sampling text;
    private final Sampling picture;
    private final GenerationRules rules;

    @Inject
    Preferences(ModelFiles files) {
        Sampling familyPicture = picture(files.family());
        Optional<String> json = files.json(FILE);
        if (json.isEmpty()) {
            text = text(files.family());
            picture = familyPicture;
            rules = GenerationRules.NONE;
            return;
        }
        ConfigFile config = ConfigFile.read(files, FILE);
        try {
            boolean guidesPictures = guidesPictures(files.family());
            rules = GenerationRules.read(Fields.read(json.get(), FILE), guidesPictures);
            Sampling published = overlay(DEFAULTS, config);
            if (rules.maxLength().isPresent() && !config.has("max_new_tokens")) {
                published = published.withMaxTokens(Sampling.UNLIMITED);
            }
            if (!config.flag("do_sample", false)) {
                published = published.withTemperature(0);
            }
            Sampling guided = guidesPictures ? familyPicture.withGuidance(
                    config.decimal("guidance_scale", familyPicture.guidanceText()), familyPicture.guidanceImage()) : familyPicture;
            if (config.has(OWN)) {
                ConfigFile own = config.at(OWN);
                text = own.has("text") ? overlay(published, own.at("text")) : published;
                picture = own.has("picture") ? overlay(guided, own.at("picture")) : guided;
            } else {
                text = published;
                picture = guided;
            }
        } catch (ModelException e) {
            throw new ModelException(FILE + " of the model in " + files.directory() + " cannot be used: " + e.getMessage(),
                    e);
        }
        config.check();
    }

    /** Returns whether {@code guidance_scale} is about pictures: so in the families that make some. */
    static boolean guidesPictures(String family) {
        return !family.equals(LlamaGguf.FAMILY);
    }

    /** What the authors of a family use for text. */
    private static Sampling text(String family) {
        return switch (family) {
            case "chameleon" -> new Sampling(0.7, 0, 0.9, 0, 1.2, 1, 1, 0, 128);
            case "janus", "multi_modality" -> Sampling.GREEDY;
            case "llama" -> new Sampling(0.6, 0, 0.9, 0, 1, 1, 1, 0, 128);
            default -> new Sampling(0.7, 0, 0.9, 0, 1, 1, 1, 0, 128);
        };
    }

    /** What they use for pictures. */
    private static Sampling picture(String family) {
        return switch (family) {
            case "janus", "multi_modality" -> new Sampling(1, 0, 1, 0, 1, 5, 1, 0, 1);
            case "emu3" -> new Sampling(1, 2048, 1, 0, 1, 3, 1, 0, 1);
            default -> new Sampling(0.7, 0, 0.9, 0, 1, 3, 1.2, 0, 1);
        };
    }

    private static Sampling overlay(Sampling base, ConfigFile changes) {
        double topP = changes.decimal("top_p", base.topP());
        return new Sampling(
                changes.decimal("temperature", base.temperature()),
                changes.number("top_k", base.topK()),
                // transformers keeps the best token alone at 0.
                topP == 0 ? Double.MIN_VALUE : topP,
                changes.decimal("min_p", base.minP()),
                changes.decimal("repetition_penalty", base.repetitionPenalty()),
                changes.decimal("guidance_text", base.guidanceText()),
                changes.decimal("guidance_image", base.guidanceImage()),
                base.seed(),
                changes.size("max_new_tokens", base.maxTokens()));
    }

    /** How pictures are made. */
    Sampling picture() {
        return picture;
    }

    /** Returns the logits processors and limits of text. */
    GenerationRules rules() {
        return rules;
    }

    Sampling sampling(Goal goal) {
        return goal == Goal.PICTURE ? picture : text;
    }
}
