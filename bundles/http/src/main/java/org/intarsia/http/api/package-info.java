/**
 * Joins other bundles to the HTTP server: {@link HttpContext} names the servlet context in which they register servlets,
 * resources and filters by the HTTP Whiteboard.
 */
@Export
@Version("1.0.0")
package org.intarsia.http.api;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
