/**
 * The endpoints of OpenAI's API: models, pictures, chat completions, completions and responses.
 * <p>
 * Begin with {@link org.intarsia.http.openai.OpenAiApi}, the servlet that finds the endpoint of a path. An endpoint reads its
 * body with {@link org.intarsia.http.openai.Fields}, which remembers what was read: the rest is ignored and named in the
 * answer. {@link org.intarsia.http.openai.SamplingFields} reads how tokens are chosen, {@link
 * org.intarsia.http.openai.PictureInput} pictures that are handed in; {@link org.intarsia.http.openai.Batch} runs the requests.
 * {@link org.intarsia.http.openai.PictureOutput} and {@link org.intarsia.http.openai.Usage} make parts of answers that several
 * endpoints have.
 */
package org.intarsia.http.openai;
