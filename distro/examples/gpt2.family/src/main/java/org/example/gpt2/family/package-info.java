/**
 * The family GPT-2 (Radford et al., 2019) as a third party adds it. Begin with {@link org.example.gpt2.family.Gpt2Family}, which
 * says which checkpoints belong to it; {@link org.example.gpt2.family.Gpt2CoreFactory} makes its transformer, and {@link
 * org.example.gpt2.family.Gpt2Core} is that.
 */
package org.example.gpt2.family;
