package org.intarsia.model.api;

import org.osgi.annotation.versioning.ProviderType;

/**
 * Picture → what stands for it in a token stream. An encoder is a {@link CodebookEncoder}, which gives codes, a {@link
 * VisionTower}, which gives features, or both, in families that read pictures otherwise than they make them. Safe for use by
 * several threads.
 */
@ProviderType
public sealed interface VisionEncoder extends PicturePreprocessor permits CodebookEncoder, VisionTower {

    /** The height and width in pixels of what {@link #fit} gives, where that is the same for all; else what is usual. */
    int height();

    int width();
}
