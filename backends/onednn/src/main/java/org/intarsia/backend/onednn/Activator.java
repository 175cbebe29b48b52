package org.intarsia.backend.onednn;

import org.intarsia.backend.api.BackendException;
import org.intarsia.backend.api.HostProducts;
import org.osgi.annotation.bundle.Header;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceRegistration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Offers oneDNN's products while the bundle runs, where it can be loaded; where it cannot, it says why, once. */
@Header(name = Constants.BUNDLE_ACTIVATOR, value = "${@class}")
public final class Activator implements BundleActivator {
    private static final Logger LOGGER = LoggerFactory.getLogger(Activator.class);

    private OneDnn products;
    private ServiceRegistration<HostProducts> registration;

    @Override
    public void start(BundleContext context) {
        try {
            products = new OneDnn(context.getDataFile("").toPath());
        } catch (BackendException e) {
            LOGGER.warn("{}; until then the CPU backend computes these products itself", e.getMessage());
            return;
        }
        registration = context.registerService(HostProducts.class, products, null);
    }

    /** Whoever used the service has let go of it, and is in no call, when the registration is gone. */
    @Override
    public void stop(BundleContext context) {
        if (registration != null) {
            registration.unregister();
            products.close();
        }
    }
}
