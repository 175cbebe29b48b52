/**
 * An image decoder on top of whichever other one is there: it lets that one paint and tints what comes out. Begin with
 * {@link org.example.tinting.decoder.TintingDecoderFactory}, the service.
 */
package org.example.tinting.decoder;
