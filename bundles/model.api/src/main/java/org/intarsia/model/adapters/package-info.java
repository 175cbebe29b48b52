/**
 * Low-rank adapters (LoRA) in the layout of Hugging Face's PEFT: a folder with {@code adapter_config.json} and
 * {@code adapter_model.safetensors}.
 *
 * <p>Begin with {@link org.intarsia.model.adapters.Adapter}, which opens such a folder. {@link
 * org.intarsia.model.adapters.AdaptedWeights} are a model's weights with adapters over them: components made from them compute
 * with the adapters, since {@link org.intarsia.weights.Parameters#linear} asks for them.
 */
@Export
@Version("1.0.0")
package org.intarsia.model.adapters;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
