package org.intarsia.http.server;

import org.osgi.framework.Bundle;
import org.osgi.framework.ServiceFactory;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.servlet.context.ServletContextHelper;

/** Gives each bundle a helper of its own, so that resources which it registers are looked for in it and not in this bundle. */
final class ContextOfBundle implements ServiceFactory<ServletContextHelper> {
    @Override
    public ServletContextHelper getService(Bundle bundle, ServiceRegistration<ServletContextHelper> registration) {
        return new ServletContextHelper(bundle) { };
    }

    @Override
    public void ungetService(Bundle bundle, ServiceRegistration<ServletContextHelper> registration,
            ServletContextHelper service) {
        // Nothing is held.
    }
}
