/**
 * Panels that other bundles add to the page. Start with {@link Panel}: register one as a service, and serve its module by
 * the HTTP Whiteboard in the context {@link org.intarsia.http.api.HttpContext}.
 */
@Export
@Version("1.0.0")
package org.intarsia.page.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
