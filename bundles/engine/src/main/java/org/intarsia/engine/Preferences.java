package org.intarsia.engine;

import jakarta.inject.Inject;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Sampling;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.blocks.ConfigFile;

/**
 * How a model is best run: its {@code generation_config.json}, else what its family's authors use.
 *
 * <p>The keys of Hugging Face ({@code do_sample}, {@code temperature}, {@code top_k}, {@code top_p},
 * {@code repetition_penalty}, {@code max_new_tokens}) are about text. What they cannot say stands under a key of our own:
 * {@snippet lang=json :
 * "intarsia": {
 *   "text":    { "temperature": 0.7, "top_k": 0, "top_p": 0.9, "repetition_penalty": 1.2, "max_new_tokens": 128 },
 *   "picture": { "temperature": 0.7, "top_k": 0, "top_p": 0.9, "guidance_text": 3.0, "guidance_image": 1.2 },
 *   "separator_in_guidance": false
 * }
 * }
 * where each may be left out, and {@code separator_in_guidance} says whether the streams without text that guide a picture
 * keep the separator before the answer. Immutable.
 */
final class Preferences {
    private static final String FILE = "generation_config.json";
    private static final String OWN = "intarsia";

    private final Sampling text;
    private final Sampling picture;
    private final boolean separatorInGuidance;

    @Inject
    Preferences(ModelFiles files) {
        Sampling familyText = new Sampling(0.7, 0, 0.9, files.family().equals("chameleon") ? 1.2 : 1, 1, 1, 0, 128);
        Sampling familyPicture = new Sampling(0.7, 0, 0.9, 1, 3, 1.2, 0, 1);
        if (files.json(FILE).isEmpty()) {
            text = familyText;
            picture = familyPicture;
            separatorInGuidance = false;
            return;
        }
        ConfigFile config = ConfigFile.read(files, FILE);
        try {
            Sampling published = config.flag("do_sample", true)
                    ? overlay(familyText, config)
                    : overlay(familyText, config).withTemperature(0);
            if (config.has(OWN)) {
                ConfigFile own = config.at(OWN);
                text = own.has("text") ? overlay(published, own.at("text")) : published;
                picture = own.has("picture") ? overlay(familyPicture, own.at("picture")) : familyPicture;
                separatorInGuidance = own.flag("separator_in_guidance", false);
            } else {
                text = published;
                picture = familyPicture;
                separatorInGuidance = false;
            }
        } catch (ModelException e) {
            throw new ModelException(FILE + " of the model in " + files.directory() + " cannot be used: " + e.getMessage(),
                    e);
        }
        config.check();
    }

    private static Sampling overlay(Sampling base, ConfigFile changes) {
        return new Sampling(
                changes.decimal("temperature", base.temperature()),
                changes.number("top_k", base.topK()),
                changes.decimal("top_p", base.topP()),
                changes.decimal("repetition_penalty", base.repetitionPenalty()),
                changes.decimal("guidance_text", base.guidanceText()),
                changes.decimal("guidance_image", base.guidanceImage()),
                base.seed(),
                changes.size("max_new_tokens", base.maxTokens()));
    }

    Sampling sampling(Goal goal) {
        return goal == Goal.PICTURE ? picture : text;
    }

    boolean separatorInGuidance() {
        return separatorInGuidance;
    }
}
