package org.intarsia.model.pictures;

import java.util.Arrays;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Node;

/**
 * The integer tags of the first page of a TIFF, read from the tree that the JDK's metadata gives. The JDK's package
 * {@code javax.imageio.plugins.tiff} has types for them, which some containers do not offer to bundles.
 */
final class TiffTags {
    static final int PHOTOMETRIC_INTERPRETATION = 262;
    static final int ORIENTATION = 274;
    static final int COLOR_MAP = 320;
    static final int EXTRA_SAMPLES = 338;

    /** Values of {@link #PHOTOMETRIC_INTERPRETATION}. */
    static final int PALETTE_COLOR = 3;
    static final int CMYK = 5;
    static final int CIELAB = 8;

    private final Node directory;

    TiffTags(IIOMetadata metadata) {
        directory = metadata.getAsTree(metadata.getNativeMetadataFormatName()).getFirstChild();
    }

    /** Returns the first value of a tag, or another one where the tag is absent. */
    int number(int tag, int otherwise) {
        int[] values = numbers(tag);
        return values.length == 0 ? otherwise : values[0];
    }

    /** Returns all values of a tag; none where it is absent or holds no integers. */
    int[] numbers(int tag) {
        for (Node field = directory.getFirstChild(); field != null; field = field.getNextSibling()) {
            if (String.valueOf(tag).equals(attribute(field, "number"))) {
                return values(field.getFirstChild());
            }
        }
        return new int[0];
    }

    /** Returns the values below a node such as {@code TIFFShorts}. */
    private static int[] values(Node sequence) {
        int[] values = new int[0];
        int count = 0;
        for (Node value = sequence.getFirstChild(); value != null; value = value.getNextSibling()) {
            if (count == values.length) {
                values = Arrays.copyOf(values, Math.max(1, 2 * count));
            }
            values[count++] = Integer.parseInt(attribute(value, "value"));
        }
        return Arrays.copyOf(values, count);
    }

    private static String attribute(Node node, String name) {
        Node attribute = node.getAttributes().getNamedItem(name);
        return attribute == null ? "" : attribute.getNodeValue();
    }
}
