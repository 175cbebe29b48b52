package org.intarsia.picturebook.world;

/** How large a thing is drawn within its cell; the pixels stand in {@link World#pixels(Size)}. */
public enum Size {
    SMALL, BIG
}
