package org.intarsia.transformer.core;

import java.util.Optional;
import org.intarsia.model.api.ComponentFactory;
import org.intarsia.model.api.ModelFiles;
import org.intarsia.model.api.TransformerCore;
import org.osgi.service.component.annotations.Component;

/** Makes the transformer of models whose {@code model_type} is {@code chameleon}. */
@Component(service = ComponentFactory.OfTransformerCore.class)
public final class ChameleonCoreFactory implements ComponentFactory.OfTransformerCore {
    private static final String FAMILY = "chameleon";

    @Override
    public String name() {
        return FAMILY;
    }

    @Override
    public Optional<String> refuses(ModelFiles files) {
        return files.family().equals(FAMILY) ? Optional.empty()
                : Optional.of("it is made for model_type '" + FAMILY + "', not '" + files.family() + "'");
    }

    @Override
    public TransformerCore create(ModelFiles files) {
        return new ChameleonCore(ChameleonConfig.read(files), files.weights());
    }
}
