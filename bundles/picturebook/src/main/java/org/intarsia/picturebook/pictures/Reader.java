package org.intarsia.picturebook.pictures;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.intarsia.picturebook.world.Background;
import org.intarsia.picturebook.world.Colour;
import org.intarsia.picturebook.world.Scene;
import org.intarsia.picturebook.world.Size;
import org.intarsia.picturebook.world.Thing;
import org.intarsia.picturebook.world.World;

/**
 * Reads pictures back into scenes, without any learning. The background is the one that most pixels are nearest to.
 * Clearly coloured pixels that touch are the core of a blob; around the core, a pixel belongs to the blob when it is
 * nearer to the blob's colour than to the background, so a blurred edge does no harm. The blob is the thing whose
 * silhouette overlaps it best. What then differs from the background, and is no edge of a recognised thing, is stray.
 * Safe to share between threads.
 */
public final class Reader {
    /** A core pixel is so much nearer, in squared distance, to the colour of a thing than to the background. */
    private static final double CORE = 0.36;
    /** The squared distance up to which a pixel passes for the background, or for a mixture of two colours. */
    private static final int CLOSE = 60 * 60;
    /** The smallest share of their union that a blob and a silhouette have in common. */
    private static final double OVERLAP = 0.7;
    /** The largest share of a blob that may be neither its colour nor a mixture of that with the background. */
    private static final double FOREIGN = 0.2;
    /** The pixels by which an edge may be blurred, where small things have 10. */
    private static final int BLUR = 1;
    /** The fewest pixels that make a blob, where small things have 10×10. */
    private static final int SPECK = 8;

    private final World world;
    private final Palette palette;
    private final int width;
    private final int height;
    private final int blur;
    private final int speck;
    private final Templates templates;

    /** What a blob is, and the pixels that are thereby explained. */
    private record Found(Thing thing, BitSet pixels) {
    }

    public Reader(World world) {
        int scale = world.pixels(Size.SMALL) / 10;
        this.world = world;
        this.palette = new Palette(world);
        this.width = world.width();
        this.height = world.height();
        this.blur = BLUR * scale;
        this.speck = SPECK * scale * scale;
        this.templates = new Templates(world, scale);
    }

    /**
     * Reads one picture.
     *
     * @param picture of the size of the world, which the caller has checked
     */
    public Reading read(Picture picture) {
        Colour[] nearest = palette.nearestColours(picture);
        Background background = background(picture, nearest);
        List<Thing> things = new ArrayList<>();
        List<Reading.Stray> strays = new ArrayList<>();
        BitSet explained = new BitSet();
        for (BitSet core : Blobs.of(core(picture, nearest, background), width, height, speck)) {
            Optional<Found> found = recognise(core, picture, nearest, background)
                    .filter(candidate -> things.stream().noneMatch(t -> t.cell().equals(candidate.thing().cell())));
            found.ifPresent(candidate -> {
                things.add(candidate.thing());
                explained.or(candidate.pixels());
            });
        }
        BitSet unexplained = new BitSet();
        int ground = world.rgb(background);
        for (int pixel = 0; pixel < width * height; pixel++) {
            unexplained.set(pixel, Palette.distance(picture.pixel(pixel), ground) > CLOSE);
        }
        unexplained.andNot(explained);
        for (BitSet blob : Blobs.of(unexplained, width, height, speck)) {
            int first = blob.nextSetBit(0);
            strays.add(new Reading.Stray(first % width, first / width, blob.cardinality()));
        }
        return new Reading(new Scene(background, things), strays);
    }

    private Background background(Picture picture, Colour[] nearestColours) {
        int[] votes = new int[Background.values().length];
        for (int pixel = 0; pixel < width * height; pixel++) {
            int rgb = picture.pixel(pixel);
            Background nearest = palette.nearestBackground(rgb);
            if (Palette.distance(rgb, world.rgb(nearest)) < Palette.distance(rgb, nearestColours[pixel].rgb())) {
                votes[nearest.ordinal()]++;
            }
        }
        // Where no pixel is like any background, it does not matter which one is taken: the rest is stray all the same.
        Background most = world.backgrounds().getFirst();
        for (Background background : Background.values()) {
            if (votes[background.ordinal()] > votes[most.ordinal()]) {
                most = background;
            }
        }
        return most;
    }

    private BitSet core(Picture picture, Colour[] nearest, Background background) {
        BitSet core = new BitSet();
        int ground = world.rgb(background);
        for (int pixel = 0; pixel < picture.width() * picture.height(); pixel++) {
            int rgb = picture.pixel(pixel);
            core.set(pixel, Palette.distance(rgb, nearest[pixel].rgb()) < CORE * Palette.distance(rgb, ground));
        }
        return core;
    }

    /** Empty if the blob is of several colours, or like no silhouette. */
    private Optional<Found> recognise(BitSet core, Picture picture, Colour[] nearest, Background background) {
        Colour colour = majority(core, nearest);
        BitSet blob = new BitSet();
        BitSet reach = Blobs.grown(core, width, height, blur);
        int foreign = 0;
        for (int pixel = reach.nextSetBit(0); pixel >= 0; pixel = reach.nextSetBit(pixel + 1)) {
            int rgb = picture.pixel(pixel);
            if (Palette.distance(rgb, colour.rgb()) < Palette.distance(rgb, world.rgb(background))) {
                blob.set(pixel);
            }
            if (core.get(pixel) && Palette.distanceFromMixture(rgb, colour.rgb(), world.rgb(background)) > CLOSE) {
                foreign++;
            }
        }
        if (foreign > FOREIGN * blob.cardinality()) {
            return Optional.empty();
        }
        return templates.best(blob, OVERLAP).map(match -> {
            BitSet explained = match.pixels();
            explained.or(blob);
            return new Found(new Thing(match.kind(), colour, match.size(), match.cell()),
                    Blobs.grown(explained, width, height, blur));
        });
    }

    private static Colour majority(BitSet blob, Colour[] nearest) {
        Map<Colour, Integer> votes = new EnumMap<>(Colour.class);
        blob.stream().forEach(pixel -> votes.merge(nearest[pixel], 1, Integer::sum));
        return votes.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
    }
}
