/**
 * The training of low-rank adapters: {@link org.intarsia.training.lora.LoraService} opens the base model and starts a {@link
 * org.intarsia.training.lora.LoraRun}. {@link org.intarsia.training.lora.SampleFiles} finds the data, {@link
 * org.intarsia.training.lora.Streams} writes it down as the model's token streams, {@link
 * org.intarsia.training.lora.FreshAdapter} makes the pairs to begin with, and {@link org.intarsia.training.lora.LoraStage} takes the
 * steps, on {@link org.intarsia.training.trainer}. The base model's weights are constants; gradients flow through them.
 */
package org.intarsia.training.lora;
