/**
 * How the next tokens of a request come about.
 *
 * <p>Begin with {@link org.intarsia.engine.decode.RequestState}, one request on its way: its streams, its samplers, and what it has
 * told so far. It proposes tokens and takes them over by a {@link org.intarsia.engine.decode.DecodingLoop}, which it chooses where it
 * begins a segment of words or a picture; the scheduler ({@code GenerationRun}, {@code StepScheduler}) runs it and knows no loop.
 * {@link org.intarsia.engine.decode.Autoregressive} takes one token a pass; {@link org.intarsia.engine.decode.PromptLookup} checks a
 * draft in one pass. {@link org.intarsia.engine.decode.StreamedText} tells the text, {@link
 * org.intarsia.engine.decode.LogProbabilities} scores it. Nothing here has a lock: one thread uses a stream at a time.
 *
 * <p><em>What is exact.</em> A checked draft gives the tokens of one token a pass, for greedy decoding and for each seed, since the scores
 * behind a token have the same bits however many tokens a pass has ({@link org.intarsia.engine.scheduler}). {@code DraftTest} compares
 * tokens, log probabilities and events.
 *
 * <p><em>What it saves.</em> Passes, where the text repeats itself: of 96 tokens of one token again and again, drafts of 3 took 27 passes
 * and drafts of 7 took 19 (29 November 2026, a random Llama in F32); {@code DraftTest} counts passes of such a text.
 *
 * <p><em>Masked-parallel decoding</em> (Show-o) is a loop that proposes a picture's tokens, a mask in place of each that is not settled,
 * in each pass; reads the scores at those places; settles the surest; and accepts nothing until all are settled, then all of
 * them. Guidance needs nothing more: the same tokens are proposed behind each guided stream, and their scores are mixed before the loop
 * sees them. That proposed tokens see each other is the transformer core's affair, whose attention must say so for the places of a picture.
 * {@code MaskedParallelTest} runs such a loop.
 */
package org.intarsia.engine.decode;
