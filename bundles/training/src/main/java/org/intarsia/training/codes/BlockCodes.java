package org.intarsia.training.codes;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Codes of pictures by block coding: each block of pixels is told as a ground colour, a figure colour and the class of
 * its outline, as in block truncation coding (Delp and Mitchell, 1979) and colour cell compression (Campbell et al.,
 * 1986). They are what the image tokenizer's encoder learns to give.
 *
 * <p>A code depends on its own block alone, which codes that an encoder finds by itself do not: theirs change with what
 * lies around them, and a transformer then has to learn that noise first. Outlines are put into fewer classes than there
 * are, so that a colour that was never seen with one outline was seen with another of its class. The decoder tells
 * the outlines of a class apart by the blocks around.
 *
 * <p>Not for photographs: blocks of many colours get the nearest of two. Safe for use by several threads.
 */
public final class BlockCodes {
    private static final int NO_FIGURE = -1;
    private static final int RESTARTS = 200;
    private static final int ROUNDS = 30;

    private final int width;
    private final int height;
    private final int side;
    private final List<Integer> palette;
    private final Map<BitSet, Integer> classes = new HashMap<>();
    private final Map<Kind, Integer> codes = new LinkedHashMap<>();
    private final List<float[]> paintings = new ArrayList<>();

    /** A block as it is: indices into the palette, and which pixels show the figure, row by row. */
    private record Block(int ground, int figure, BitSet outline) {
    }

    /** What one code stands for. */
    private record Kind(int ground, int figure, int outlines) {
        static final Comparator<Kind> ORDER = Comparator.comparingInt(Kind::ground).thenComparingInt(Kind::figure)
                .thenComparingInt(Kind::outlines);
    }

    /**
     * Learns from pictures, which are gone through twice.
     *
     * @param pictures each (3, height, width), −1 to 1
     * @param side     of a block, in pixels
     * @param colours  the most colours to tell apart: the most frequent ones
     * @param outlines how many classes of outlines
     * @param most     codes; when there are more kinds of blocks, the rarest take the code of what looks most like them
     */
    public BlockCodes(Supplier<Stream<float[]>> pictures, int height, int width, int side, int colours, int outlines, int most) {
        this.height = height;
        this.width = width;
        this.side = side;
        this.palette = mostFrequent(pictures, colours);
        Map<Block, Integer> blocks = new HashMap<>();
        Set<List<BitSet>> squares = new HashSet<>();
        pictures.get().forEach(pixels -> {
            List<Block> seen = IntStream.range(0, blocks()).mapToObj(block -> block(pixels, block)).toList();
            seen.forEach(block -> blocks.merge(block, 1, Integer::sum));
            squares(seen, squares);
        });
        List<double[]> centres = classify(blocks.keySet().stream().filter(block -> block.figure() != NO_FIGURE)
                .map(Block::outline).distinct().sorted(Comparator.comparing(BitSet::toString)).toList(), outlines, squares);
        Map<Kind, Integer> kinds = new HashMap<>();
        blocks.forEach((block, count) -> kinds.merge(kind(block), count, Integer::sum));
        kinds.entrySet().stream()
                .sorted(Map.Entry.<Kind, Integer>comparingByValue().reversed().thenComparing(Map.Entry::getKey, Kind.ORDER))
                .limit(most).map(Map.Entry::getKey).sorted(Kind.ORDER).forEach(kind -> {
                    codes.put(kind, codes.size());
                    paintings.add(painting(kind, centres));
                });
    }

    /** How many codes are in use. */
    int size() {
        return codes.size();
    }

    /** The codes of a picture (3, height, width), row by row. */
    public int[] of(float[] pixels) {
        int[] result = new int[blocks()];
        for (int i = 0; i < result.length; i++) {
            Block block = block(pixels, i);
            Integer code = codes.get(kind(block));
            result[i] = code == null ? mostAlike(pixels, i) : code;
        }
        return result;
    }

    private int blocks() {
        return height / side * (width / side);
    }

    /** Where a pixel of a block lies in a channel. */
    private int place(int block, int pixel) {
        int across = width / side;
        return (block / across * side + pixel / side) * width + block % across * side + pixel % side;
    }

    private List<Integer> mostFrequent(Supplier<Stream<float[]>> pictures, int colours) {
        Map<Integer, Long> counts = new HashMap<>();
        pictures.get().forEach(pixels -> {
            for (int place = 0; place < height * width; place++) {
                counts.merge(colour(pixels, place), 1L, Long::sum);
            }
        });
        return counts.entrySet().stream()
                .sorted(Map.Entry.<Integer, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .limit(colours).map(Map.Entry::getKey).toList();
    }

    /** A pixel as {@code 0xRRGGBB}. */
    private int colour(float[] pixels, int place) {
        int colour = 0;
        for (int channel = 0; channel < 3; channel++) {
            int value = Math.round((pixels[channel * height * width + place] + 1) * 127.5f);
            colour = colour << 8 | Math.clamp(value, 0, 255);
        }
        return colour;
    }

    private Block block(float[] pixels, int block) {
        int[] nearest = new int[side * side];
        int[] counts = new int[palette.size()];
        for (int pixel = 0; pixel < nearest.length; pixel++) {
            nearest[pixel] = nearest(colour(pixels, place(block, pixel)));
            counts[nearest[pixel]]++;
        }
        int first = largest(counts, NO_FIGURE);
        int second = largest(counts, first);
        if (counts[second] == 0 || first == second) {
            return new Block(first, NO_FIGURE, new BitSet());
        }
        // Grounds are seen more often than figures, and the palette is ordered by how often its colours are seen.
        int ground = Math.min(first, second);
        int figure = Math.max(first, second);
        BitSet outline = new BitSet(nearest.length);
        for (int pixel = 0; pixel < nearest.length; pixel++) {
            outline.set(pixel, nearest[pixel] == figure);
        }
        return new Block(ground, figure, outline);
    }

    private int nearest(int colour) {
        int best = 0;
        for (int i = 1; i < palette.size(); i++) {
            if (distance(colour, palette.get(i)) < distance(colour, palette.get(best))) {
                best = i;
            }
        }
        return best;
    }

    private static int distance(int one, int other) {
        int sum = 0;
        for (int shift = 0; shift < 24; shift += 8) {
            int difference = (one >> shift & 0xFF) - (other >> shift & 0xFF);
            sum += difference * difference;
        }
        return sum;
    }

    private static int largest(int[] counts, int but) {
        int best = but == 0 && counts.length > 1 ? 1 : 0;
        for (int i = 0; i < counts.length; i++) {
            if (i != but && counts[i] > counts[best]) {
                best = i;
            }
        }
        return best;
    }

    private Kind kind(Block block) {
        return new Kind(block.ground(), block.figure(), classes.getOrDefault(block.outline(), NO_FIGURE));
    }

    /** Adds the outlines of all squares of two by two blocks that show one figure on one ground. */
    private void squares(List<Block> picture, Set<List<BitSet>> squares) {
        int across = width / side;
        for (int first = 0; first + across + 1 < picture.size(); first++) {
            List<Block> square = Stream.of(first, first + 1, first + across, first + across + 1).map(picture::get).toList();
            boolean alone = square.stream().map(Block::ground).distinct().count() == 1
                    && square.stream().map(Block::figure).filter(figure -> figure != NO_FIGURE).distinct().count() == 1;
            if (alone && first % across != across - 1) {
                squares.add(square.stream().map(Block::outline).toList());
            }
        }
    }

    /**
     * Puts outlines into classes by k-means, and gives the mean outline of each class: of several starts the one that
     * leaves most squares different from each other, since those that become the same cannot be told apart any more.
     */
    private List<double[]> classify(List<BitSet> outlines, int most, Set<List<BitSet>> squares) {
        List<double[]> best = List.of();
        long different = 0;
        for (int start = 0; start < RESTARTS; start++) {
            List<double[]> centres = means(outlines, most, new Random(start));
            Map<BitSet, Integer> found = new HashMap<>();
            outlines.forEach(outline -> found.put(outline, closest(outline, centres)));
            long kept = squares.stream()
                    .map(square -> square.stream().map(outline -> found.getOrDefault(outline, NO_FIGURE)).toList())
                    .distinct().count();
            if (kept > different) {
                different = kept;
                best = centres;
                classes.putAll(found);
            }
        }
        return best;
    }

    /** One run of k-means, which begins with outlines that lie far apart (Arthur and Vassilvitskii, 2007). */
    private List<double[]> means(List<BitSet> outlines, int most, Random random) {
        List<double[]> centres = new ArrayList<>(List.of(values(outlines.get(random.nextInt(outlines.size())))));
        while (centres.size() < Math.min(most, outlines.size())) {
            double[] far = outlines.stream().mapToDouble(outline -> distance(outline, centres.get(closest(outline, centres))))
                    .toArray();
            double draw = random.nextDouble() * Arrays.stream(far).sum();
            int chosen = 0;
            while (chosen < far.length - 1 && (draw -= far[chosen]) >= 0) {
                chosen++;
            }
            centres.add(values(outlines.get(chosen)));
        }
        for (int round = 0; round < ROUNDS; round++) {
            List<double[]> sums = new ArrayList<>(centres.stream().map(centre -> new double[centre.length + 1]).toList());
            for (BitSet outline : outlines) {
                double[] sum = sums.get(closest(outline, centres));
                outline.stream().forEach(pixel -> sum[pixel]++);
                sum[sum.length - 1]++;
            }
            for (int i = 0; i < centres.size(); i++) {
                double[] sum = sums.get(i);
                if (sum[sum.length - 1] > 0) {
                    for (int pixel = 0; pixel < sum.length - 1; pixel++) {
                        centres.get(i)[pixel] = sum[pixel] / sum[sum.length - 1];
                    }
                }
            }
        }
        return centres;
    }

    private double[] values(BitSet outline) {
        double[] values = new double[side * side];
        outline.stream().forEach(pixel -> values[pixel] = 1);
        return values;
    }

    private static int closest(BitSet outline, List<double[]> centres) {
        int best = 0;
        for (int i = 1; i < centres.size(); i++) {
            if (distance(outline, centres.get(i)) < distance(outline, centres.get(best))) {
                best = i;
            }
        }
        return best;
    }

    private static double distance(BitSet outline, double[] centre) {
        double sum = 0;
        for (int pixel = 0; pixel < centre.length; pixel++) {
            double difference = (outline.get(pixel) ? 1 : 0) - centre[pixel];
            sum += difference * difference;
        }
        return sum;
    }

    /** How a block of a kind looks on average: red, green, blue of each pixel, 0 to 255. */
    private float[] painting(Kind kind, List<double[]> centres) {
        float[] painting = new float[3 * side * side];
        for (int pixel = 0; pixel < side * side; pixel++) {
            double share = kind.figure() == NO_FIGURE ? 0 : centres.get(kind.outlines())[pixel];
            for (int channel = 0; channel < 3; channel++) {
                int shift = 16 - 8 * channel;
                int figure = kind.figure() == NO_FIGURE ? 0 : palette.get(kind.figure()) >> shift & 0xFF;
                painting[3 * pixel + channel] = (float) (share * figure
                        + (1 - share) * (palette.get(kind.ground()) >> shift & 0xFF));
            }
        }
        return painting;
    }

    private int mostAlike(float[] pixels, int block) {
        int best = 0;
        double least = Double.POSITIVE_INFINITY;
        for (int code = 0; code < paintings.size(); code++) {
            float[] painting = paintings.get(code);
            double sum = 0;
            for (int pixel = 0; pixel < side * side && sum < least; pixel++) {
                int colour = colour(pixels, place(block, pixel));
                for (int channel = 0; channel < 3; channel++) {
                    double difference = (colour >> 16 - 8 * channel & 0xFF) - painting[3 * pixel + channel];
                    sum += difference * difference;
                }
            }
            if (sum < least) {
                least = sum;
                best = code;
            }
        }
        return best;
    }
}
