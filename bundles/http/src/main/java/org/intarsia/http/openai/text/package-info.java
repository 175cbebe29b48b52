/**
 * The endpoints whose answers are text, or text and pictures: chat completions, completions and responses.
 * <p>
 * Begin with {@link org.intarsia.http.openai.text.ChatCompletions}. {@code Conversation} reads the messages, {@code TextRequests}
 * makes requests to the engine of them. Chat completions are streamed by {@code ChatStream}, responses by {@code ResponseStream};
 * {@code Logprobs} writes the log probabilities of tokens for all three endpoints.
 */
package org.intarsia.http.openai.text;
