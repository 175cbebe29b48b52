/**
 * Endpoints that only this platform has. {@link org.intarsia.http.platform.ComponentsEndpoint} shows what is installed and in
 * use ({@code Snapshot}), {@link org.intarsia.http.platform.SwapEndpoint} changes it while requests run, and
 * {@link org.intarsia.http.platform.EventsEndpoint} tells of both as a stream. Health and metrics are for whoever watches
 * the server, and {@link org.intarsia.http.platform.HistoryEndpoint} keeps the page's pictures where a folder is named for it.
 */
package org.intarsia.http.platform;
