/**
 * The painted world: the kinds, colours, sizes, places and backgrounds of things, and the scenes that they make.
 *
 * <p>Begin with {@link org.intarsia.picturebook.world.World}, which says what there is to paint, and where: the standard
 * world is that of the shipped weights, the wide one has more of everything. A {@link org.intarsia.picturebook.world.Scene}
 * is all that one picture shows; a {@link org.intarsia.picturebook.world.Pattern} fits some of its things.
 * {@link org.intarsia.picturebook.world.Looks} keeps apart what training shows and what it never shows;
 * {@link org.intarsia.picturebook.world.Dice} makes every random choice of the picture book.
 *
 * <p>All but the dice are immutable. Dice are for one thread at a time.
 */
@Export(substitution = Export.Substitution.NOIMPORT)
@Version("0.1.0")
package org.intarsia.picturebook.world;

import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
