package org.intarsia.picturebook;

/**
 * The kind of a thing. To add a kind, add it here, draw its outline in {@link Silhouettes}, name it in {@link English} and
 * {@link German}, and put it into a {@link World}. The first eight are those of {@link World#STANDARD}.
 */
public enum Kind {
    CIRCLE, SQUARE, TRIANGLE, STAR, HEART, HOUSE, TREE, BOAT, CROSS, CLOUD, MUSHROOM, FISH, CAR, FLOWER, MOON, ARROW
}
