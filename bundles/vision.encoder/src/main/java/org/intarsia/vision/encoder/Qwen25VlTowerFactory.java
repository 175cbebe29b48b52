package org.intarsia.vision.encoder;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.ProvidesComponent;
import org.intarsia.model.api.VisionTower;
import org.intarsia.model.blocks.Family;
import org.osgi.service.component.annotations.Component;

/** Makes the vision tower of models whose {@code model_type} is {@code qwen2_5_vl}. */
@ProvidesComponent(kind = ProvidesComponent.VISION_ENCODER, name = Qwen25VlTowerFactory.NAME,
        family = Qwen25VlTowerFactory.FAMILY)
@Component(service = ComponentFactory.OfVisionEncoder.class)
public final class Qwen25VlTowerFactory implements ComponentFactory.OfVisionEncoder {
    static final String NAME = "qwen2.5-vl-vit";
    static final String FAMILY = "qwen2_5_vl";

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return Family.refuses(files, FAMILY);
    }

    @Override
    public VisionTower create(ModelFiles files) {
        return new Qwen25VlTower(files);
    }
}
