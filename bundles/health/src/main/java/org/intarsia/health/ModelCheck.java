package org.intarsia.health;

import java.util.List;
import org.apache.felix.hc.api.Result;
import org.intarsia.backend.api.BackendException;
import org.intarsia.engine.api.Answer;
import org.intarsia.engine.api.Engine;
import org.intarsia.engine.api.Goal;
import org.intarsia.engine.api.Model;
import org.intarsia.engine.api.Placement;
import org.intarsia.engine.api.Request;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.api.Text;
import org.intarsia.weights.WeightsException;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceReference;

/**
 * Whether a model works from end to end: it reads a word and adds a token, and a black picture goes through its encoder and
 * its decoder. So each component and a backend must be there, and all weights.
 */
final class ModelCheck {
    private static final int SIDE = 64;

    private final BundleContext context;
    private final String name;

    ModelCheck(BundleContext context, String name) {
        this.context = context;
        this.name = name;
    }

    Result check() {
        ServiceReference<Engine> reference = context.getServiceReference(Engine.class);
        if (reference == null) {
            return new Result(Result.Status.CRITICAL, "there is no engine: start or install the bundle org.intarsia.engine");
        }
        try {
            return check(context.getService(reference), name);
        } finally {
            context.ungetService(reference);
        }
    }

    static Result check(Engine engine, String name) {
        try (Model model = engine.open(name, Placement.ANYWHERE)) {
            Answer answer = model.answer(new Request(List.of(new Text("a")), Goal.CONTINUATION,
                    model.sampling(Goal.CONTINUATION).withMaxTokens(1)));
            byte[] black = new byte[3 * SIDE * SIDE];
            model.decode(model.encode(new Image(SIDE, SIDE, black)));
            return new Result(Result.Status.OK, "reads, writes, sees and paints on " + String.join(", ", answer.origin().devices()));
        } catch (ModelException | BackendException | WeightsException e) {
            // The message says which bundle is missing, or what is wrong with the files.
            return new Result(Result.Status.CRITICAL, e.getMessage(), e);
        }
    }
}
