/**
 * From a picture to codes. Each family is one class that writes the network down as a graph, beside its factory and its
 * preprocessing. Begin with {@link org.intarsia.vision.encoder.ChameleonEncoder};
 * {@link org.intarsia.vision.encoder.Resampling} resizes pictures for all families.
 */
package org.intarsia.vision.encoder;
