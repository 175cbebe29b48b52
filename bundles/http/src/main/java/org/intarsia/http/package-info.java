/**
 * The pieces that all endpoints share: errors, event streams, JSON, and the admission of requests to the engine.
 * <p>
 * Begin with {@link org.intarsia.http.HttpEndpoint}, the base of every servlet: it reads the body within its limits, calls the
 * endpoint, and answers with its result or with an error. The server itself, its settings and filters are in
 * {@code org.intarsia.http.server}, OpenAI's endpoints in {@code org.intarsia.http.openai}, those that only this platform has
 * in {@code org.intarsia.http.platform}.
 */
package org.intarsia.http;
