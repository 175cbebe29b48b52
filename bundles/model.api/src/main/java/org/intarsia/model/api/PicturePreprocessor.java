package org.intarsia.model.api;

import org.osgi.annotation.versioning.ConsumerType;

/** Brings pictures to the size and the numbers that a model sees. It needs no weights. Safe for use by several threads. */
@ConsumerType
public interface PicturePreprocessor {

    /** Resizes, crops and pads a picture as the checkpoint's processor does; the result has no transparency. */
    Image fit(Image image);

    /** The numbers that the network sees: a picture that fits → (3, height, width), row-major. */
    float[] pixels(Image fitted);
}
