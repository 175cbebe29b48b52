/**
 * GGUF files seen as model directories. Begin with {@link org.intarsia.families.gguf.GgufFiles}: it makes {@code config.json}
 * of the metadata by {@link org.intarsia.families.gguf.GgufConfig}, and {@code tokenizer.json} by {@link
 * org.intarsia.families.gguf.GgufTokenizer}. What differs from one architecture to another stands in {@link
 * org.intarsia.families.gguf.Architecture}: add one there. {@link org.intarsia.families.gguf.TokenizerParts}, {@link
 * org.intarsia.families.gguf.PreTokenizers} and {@link org.intarsia.families.gguf.Merge} make parts of any {@code
 * tokenizer.json}.
 */
package org.intarsia.families.gguf;
