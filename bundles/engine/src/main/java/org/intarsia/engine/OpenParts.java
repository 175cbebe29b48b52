package org.intarsia.engine;

import java.util.Optional;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.weights.Weights;

/** The parts of an open model, each looked for when it is asked for, as generations do. */
final class OpenParts implements ModelParts {
    private final OpenModel model;

    OpenParts(OpenModel model) {
        this.model = model;
    }

    @Override
    public ModelFiles files() {
        return model.with(pipeline -> pipeline.components().presentation().base());
    }

    @Override
    public TransformerCore core(Weights weights) {
        return model.with(pipeline -> pipeline.components().core(weights));
    }

    @Override
    public Optional<PictureGrid> grid() {
        return model.makes(Goal.PICTURE) ? Optional.of(model.grid()) : Optional.empty();
    }

    @Override
    public String presentedName(String name) {
        return model.with(pipeline -> pipeline.components().presentation().presentedName(name));
    }

    @Override
    public String referenceName(String name) {
        return model.with(pipeline -> pipeline.components().presentation().referenceName(name));
    }

    @Override
    public int[] text(String text) {
        return model.with(pipeline -> pipeline.layout().source(false).text(text));
    }

    @Override
    public PromptFormat.Template template() {
        return model.with(pipeline -> pipeline.layout().source(false).template());
    }

    @Override
    public PromptFormat.Codes codes(Image picture) {
        return model.with(pipeline -> pipeline.pictures().encode(picture));
    }

    @Override
    public PromptFormat.Features features(Image picture) {
        return model.with(pipeline -> pipeline.pictures().features(picture));
    }
}
