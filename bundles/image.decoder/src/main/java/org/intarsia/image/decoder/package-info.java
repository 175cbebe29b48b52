/**
 * From codes to a picture. Each family is one class that writes the network down as a graph, beside its factory. Begin
 * with {@link org.intarsia.image.decoder.ChameleonDecoder}.
 */
package org.intarsia.image.decoder;
