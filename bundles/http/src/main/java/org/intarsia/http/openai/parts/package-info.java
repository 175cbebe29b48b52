/**
 * The parts of requests and answers that several endpoints of OpenAI's API share.
 * <p>
 * Begin with {@link org.intarsia.http.openai.parts.Route}, which every endpoint implements. An endpoint reads its body with {@link
 * org.intarsia.http.openai.parts.Fields}, which remembers what was read: the rest is ignored, and {@link
 * org.intarsia.http.openai.parts.Notes} names it in the answer. {@link org.intarsia.http.openai.parts.SamplingFields} reads how
 * tokens are chosen, {@link org.intarsia.http.openai.parts.PictureInput} pictures that are handed in; {@link
 * org.intarsia.http.openai.parts.Batch} runs the requests. {@link org.intarsia.http.openai.parts.PictureOutput} and {@link
 * org.intarsia.http.openai.parts.Usage} write parts of answers.
 */
package org.intarsia.http.openai.parts;
