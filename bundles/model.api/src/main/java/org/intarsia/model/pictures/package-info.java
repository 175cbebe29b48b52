/**
 * Decoders of picture files, one class a format. Begin with {@link org.intarsia.model.pictures.PictureDecoder}.
 * <p>
 * Their values are those that Pillow's {@code convert("RGB")} gives, since the processors of the reference
 * implementations read pictures by Pillow: embedded colour profiles and gamma values are ignored in every format.
 */
package org.intarsia.model.pictures;
