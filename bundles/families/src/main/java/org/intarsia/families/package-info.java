/**
 * The families of models that come with the platform, each a service. Nothing here is exported.
 *
 * <p>Begin with {@link org.intarsia.families.ChameleonFamily}, which is published as its components read it, so that its
 * description {@code chameleon.json} says all. {@link org.intarsia.families.JanusFamily} and {@link
 * org.intarsia.families.Emu3Family} present what their authors published otherwise ({@link org.intarsia.families.JanusFiles},
 * {@link org.intarsia.families.Emu3Files}), {@link org.intarsia.families.LiquidFamily} takes its pictures from a checkpoint beside
 * it, and {@link org.intarsia.families.Qwen25VlFamily} was published in two generations of one layout; families of text, such
 * as {@link org.intarsia.families.LlamaFamily}, present single GGUF files, too, by the package {@link
 * org.intarsia.families.gguf}. What families share stands in {@link org.intarsia.model.blocks}.
 */
package org.intarsia.families;
