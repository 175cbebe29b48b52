/**
 * What Jetty itself is asked for, beyond the HTTP Whiteboard: {@link org.intarsia.http.jetty.JettyWatch} notices that a client has
 * gone, {@link org.intarsia.http.jetty.JettyErrors} answers requests that Jetty refuses before any servlet sees them.
 * <p>
 * Nothing else in this bundle needs Jetty's packages. They are imported when they are first used.
 */
package org.intarsia.http.jetty;
