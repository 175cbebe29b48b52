/**
 * What the components and families of several bundles share, so that none of them imports another's implementation.
 *
 * <p>Begin with {@link org.intarsia.model.blocks.ConfigFile}, which reads the JSON files of a model and reports all that
 * is wrong with one at once. {@link org.intarsia.model.blocks.VqGan} is the convolutional network that picture encoders
 * and picture decoders of the VQ-GAN kind are made of, and {@link org.intarsia.model.blocks.VqGanConfig} its sizes;
 * {@link org.intarsia.model.blocks.Emu3Blocks} adds what Emu3's has over time; {@link
 * org.intarsia.model.blocks.AxialRotary} turns queries and keys by positions on several axes. Families begin with {@link
 * org.intarsia.model.blocks.DescribedFamily}, {@link org.intarsia.model.blocks.NameRules} and {@link
 * org.intarsia.model.blocks.KnownKeys}.
 */
@Export
@Version("1.0.0")
package org.intarsia.model.blocks;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
