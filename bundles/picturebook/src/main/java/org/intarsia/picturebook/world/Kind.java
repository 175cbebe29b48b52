package org.intarsia.picturebook.world;

/**
 * The kind of a thing. To add a kind, add it here, draw its outline in {@code pictures.Silhouettes}, name it in
 * {@code language.English} and {@code language.German}, and put it into a {@link World}. The first eight are those of
 * {@link World#STANDARD}.
 */
public enum Kind {
    CIRCLE, SQUARE, TRIANGLE, STAR, HEART, HOUSE, TREE, BOAT, CROSS, CLOUD, MUSHROOM, FISH, CAR, FLOWER, MOON, ARROW
}
