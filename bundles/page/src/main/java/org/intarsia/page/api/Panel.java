package org.intarsia.page.api;

import java.util.Map;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A panel of the page. A bundle registers it as a service; the page lists it beside its own views, while the service is
 * there.
 *
 * <p>The module is an ES module that defines the custom element {@link #name()}. It may import {@code lit}. The page
 * creates the element when the panel is opened and sets its property {@code intarsia}:
 * {@code send(path, {method, body, signal})} answers the JSON of an endpoint with the token of the page, and
 * {@code language} is the language shown. The page's Content-Security-Policy counts for panels: no inline scripts, no
 * HTML from strings, no requests to other hosts.
 */
@ConsumerType
public interface Panel {

    /** Returns the name of the custom element: lower case, with a hyphen, such as {@code example-tints}. */
    String name();

    /** Returns the titles by language tag. The page takes that of its language, else that of {@code en}. */
    Map<String, String> titles();

    /**
     * Returns the path of the module on this server. Below {@code /page/panels/} modules are served without a token, which
     * a browser does not send when it loads them.
     */
    String module();

    /** Returns the position among the panels; lower numbers come first. */
    default int order() {
        return 100;
    }
}
