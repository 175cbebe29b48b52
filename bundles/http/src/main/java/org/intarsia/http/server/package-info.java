/**
 * The server: what listens, who may ask, how many run at once.
 * <p>
 * Begin with {@link org.intarsia.http.server.HttpServer}, which starts and stops it with {@link org.intarsia.http.server.Settings}.
 * Sockets and HTTP itself are Felix HTTP's (Jetty), which finds all that it serves by the HTTP Whiteboard. Every request passes
 * {@code Gate} first: it checks host, origin, token and size, names the request, counts it and logs it. {@code RequestQueue}
 * admits requests to the engine, and {@code ServedModels} opens models by the names that clients send. Jetty itself is asked only
 * in {@code org.intarsia.http.jetty}.
 */
package org.intarsia.http.server;
