package org.intarsia.model.pictures;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.EOFException;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/** Decodes the first frame of a GIF, at its place on the canvas. */
final class GifDecoder implements PictureDecoder {
    @Override
    public String name() {
        return "GIF";
    }

    @Override
    public boolean matches(byte[] head) {
        return PictureDecoder.begins(head, 'G', 'I', 'F', '8');
    }

    @Override
    public Decoded decode(PictureSource source) throws IOException {
        try (JdkReader jdk = new JdkReader(source, "gif", true)) {
            ImageReader reader = jdk.reader();
            IIOMetadata screen = reader.getStreamMetadata();
            IIOMetadata frame = reader.getImageMetadata(0);
            int left = number(frame, "ImageDescriptor", "imageLeftPosition");
            int top = number(frame, "ImageDescriptor", "imageTopPosition");
            int width = Math.max(number(screen, "LogicalScreenDescriptor", "logicalScreenWidth"), left + reader.getWidth(0));
            int height = Math.max(number(screen, "LogicalScreenDescriptor", "logicalScreenHeight"), top + reader.getHeight(0));
            PixelLimit.check(width, height);
            BufferedImage pixels = read(reader);
            boolean palette = child(screen, "GlobalColorTable") != null || child(frame, "LocalColorTable") != null;
            IndexColorModel colours = (IndexColorModel) pixels.getColorModel();
            int around = Math.max(0, colours.getTransparentPixel());
            return new Decoded(Samples.image(width, height, (x, y, pixel) -> {
                boolean inside = x >= left && y >= top && x - left < pixels.getWidth() && y - top < pixels.getHeight();
                int index = inside ? pixels.getRaster().getSample(x - left, y - top, 0) : around;
                if (palette) {
                    Samples.unpack(colours.getRGB(index), pixel);
                } else {
                    Samples.grey(index, pixel);
                }
            }), Orientation.UPRIGHT);
        }
    }

    /** Reads the frame onto two backgrounds: where both show, codes are missing, on which the JDK says nothing. */
    private static BufferedImage read(ImageReader reader) throws IOException {
        BufferedImage onZeros = read(reader, 0);
        BufferedImage onOnes = read(reader, 1);
        int width = onZeros.getWidth();
        int height = onZeros.getHeight();
        if (!Arrays.equals(onZeros.getRaster().getSamples(0, 0, width, height, 0, (int[]) null),
                onOnes.getRaster().getSamples(0, 0, width, height, 0, (int[]) null))) {
            throw new EOFException("the frame has too few codes");
        }
        return onZeros;
    }

    private static BufferedImage read(ImageReader reader, int background) throws IOException {
        int width = reader.getWidth(0);
        int height = reader.getHeight(0);
        BufferedImage pixels = reader.getImageTypes(0).next().createBufferedImage(width, height);
        int[] row = new int[width];
        Arrays.fill(row, background);
        for (int y = 0; y < height; y++) {
            pixels.getRaster().setSamples(0, y, width, 1, 0, row);
        }
        ImageReadParam destination = new ImageReadParam();
        destination.setDestination(pixels);
        return reader.read(0, destination);
    }

    private static int number(IIOMetadata metadata, String element, String attribute) {
        return Integer.parseInt(child(metadata, element).getAttribute(attribute));
    }

    private static Element child(IIOMetadata metadata, String name) {
        Node child = metadata.getAsTree(metadata.getNativeMetadataFormatName()).getFirstChild();
        while (child != null && !child.getNodeName().equals(name)) {
            child = child.getNextSibling();
        }
        return (Element) child;
    }
}
