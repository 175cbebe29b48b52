package org.intarsia.browser;

import java.util.Hashtable;
import java.util.Map;
import org.intarsia.page.api.Panel;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.BundleContext;

/** A panel as a third party writes it: the service, and its module as a resource of the HTTP Whiteboard. */
public final class ExamplePanel implements BundleActivator, Panel {
    @Override
    public void start(BundleContext context) {
        Hashtable<String, Object> resources = new Hashtable<>();
        resources.put("osgi.http.whiteboard.context.select", "(osgi.http.whiteboard.context.name=intarsia)");
        resources.put("osgi.http.whiteboard.resource.pattern", "/page/panels/example/*");
        resources.put("osgi.http.whiteboard.resource.prefix", "/panel");
        context.registerService(Object.class, new Object(), resources);
        context.registerService(Panel.class, this, null);
    }

    @Override
    public void stop(BundleContext context) {
        // The framework takes the services back.
    }

    @Override
    public String name() {
        return "example-panel";
    }

    @Override
    public Map<String, String> titles() {
        return Map.of("en", "Example", "de", "Beispiel");
    }

    @Override
    public String module() {
        return "/page/panels/example/example-panel.js";
    }
}
