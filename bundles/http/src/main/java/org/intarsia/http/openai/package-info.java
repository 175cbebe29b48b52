/**
 * OpenAI's API: its servlet, its description, and the list of models.
 * <p>
 * Begin with {@link org.intarsia.http.openai.OpenAiApi}, the servlet that finds the endpoint of a path. The endpoints of pictures
 * are in {@code org.intarsia.http.openai.images}, those of text in {@code org.intarsia.http.openai.text}; both are built of {@code
 * org.intarsia.http.openai.parts}, and neither knows the other.
 */
package org.intarsia.http.openai;
