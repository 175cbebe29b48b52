package org.intarsia.http.platform;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.intarsia.http.HttpException;
import org.intarsia.text.Quoted;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.wiring.BundleCapability;
import org.osgi.framework.wiring.BundleRevision;

/** Starts, stops and updates bundles that bring models, components or backends. Others are not changed over HTTP. */
final class Bundles {
    private static final String SERVICE = "osgi.service";
    private static final String MODEL = "org.intarsia.model";
    private static final String BACKEND = "org.intarsia.backend.api.Backend";
    /** The interfaces of components are nested in it. */
    private static final String FACTORY = "org.intarsia.model.api.ComponentFactory$";

    private final BundleContext context;

    Bundles(BundleContext context) {
        this.context = context;
    }

    /**
     * Does it, and returns when it is done.
     *
     * @param name   the symbolic name
     * @param action {@code start}, {@code stop} or {@code update}
     * @throws HttpException where there is no such bundle, or it may not be changed
     * @throws BundleException where the framework cannot
     */
    void change(String name, String action) throws BundleException {
        Bundle bundle = find(name).orElseThrow(() -> HttpException.invalid("bundle", "there is no bundle " + Quoted.of(name)));
        if (!isPart(bundle)) {
            throw HttpException.invalid("bundle", "bundle " + Quoted.of(name) + " brings no model, component or backend, and others"
                    + " are not changed over HTTP; the shell does that");
        }
        switch (action) {
            case "start" -> bundle.start();
            case "stop" -> bundle.stop();
            case "update" -> bundle.update();
            default -> throw HttpException.invalid("do", "do must be start, stop or update");
        }
    }

    private Optional<Bundle> find(String name) {
        return Arrays.stream(context.getBundles()).filter(bundle -> name.equals(bundle.getSymbolicName())).findFirst();
    }

    private static boolean isPart(Bundle bundle) {
        BundleRevision revision = bundle.adapt(BundleRevision.class);
        return !revision.getDeclaredCapabilities(MODEL).isEmpty()
                || revision.getDeclaredCapabilities(SERVICE).stream().map(Bundles::classes).flatMap(List::stream)
                .anyMatch(name -> name.equals(BACKEND) || name.startsWith(FACTORY));
    }

    private static List<String> classes(BundleCapability capability) {
        return switch (capability.getAttributes().get("objectClass")) {
            case Collection<?> names -> names.stream().map(String::valueOf).toList();
            case String name -> List.of(name);
            case null, default -> List.of();
        };
    }
}
