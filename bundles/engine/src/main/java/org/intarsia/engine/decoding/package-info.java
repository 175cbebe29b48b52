/**
 * How the next tokens of a request come about.
 *
 * <p>Begin with {@link org.intarsia.engine.decoding.DecodingLoop}, which says what to run and takes tokens over; the scheduler
 * ({@code GenerationRun}, {@code Stepper}) runs it and knows no loop. {@link org.intarsia.engine.decoding.Autoregressive} takes one token a
 * pass; {@link org.intarsia.engine.decoding.PromptLookup} checks a draft in one pass. A request's loop is chosen where
 * {@code TokenStream} begins a segment of words or a picture.
 *
 * <p><em>What is exact.</em> A checked draft gives the tokens of one token a pass, for greedy decoding and for each seed, where the scores
 * behind a token have the same bits however many tokens a pass has. With the CPU backend on vectors of 512 bits they had, in passes of 2 to
 * 10 tokens: with weights in F32 up to 8 tokens, in F16 up to 3, in BF16 never; else scores differed by at most 2.7e-5
 * (all of random models with logits of a few units). So drafts are off unless a request asks for them.
 *
 * <p><em>Masked-parallel decoding</em> (Show-o) is a loop that proposes a picture's tokens, a mask in place of each that is not settled,
 * in each pass; reads the scores at those places; settles the surest; and accepts nothing until all are settled, then all of
 * them. Guidance needs nothing more: the same tokens are proposed behind each guided stream, and their scores are mixed before the loop
 * sees them. That proposed tokens see each other is the transformer core's affair, whose attention must say so for the places of a picture.
 * {@code MaskedParallelTest} runs such a loop.
 */
package org.intarsia.engine.decoding;
