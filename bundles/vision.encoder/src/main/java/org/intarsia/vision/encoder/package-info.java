/**
 * From a picture to codes or features. Each family is one class that writes the network down as a graph, beside its factory
 * and its preprocessing. Begin with {@link org.intarsia.vision.encoder.ChameleonEncoder}; Janus has a
 * {@link org.intarsia.vision.encoder.JanusTower} besides, and {@link org.intarsia.vision.encoder.Qwen25VlTower} gives
 * features alone. {@link org.intarsia.vision.encoder.PreprocessorFactory} makes the preprocessors alone, without weights; {@link
 * org.intarsia.vision.encoder.Resampling} resizes pictures for all families.
 */
package org.intarsia.vision.encoder;
