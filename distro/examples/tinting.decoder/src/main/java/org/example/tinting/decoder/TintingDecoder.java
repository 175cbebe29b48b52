package org.example.tinting.decoder;

import org.intarsia.graph.GraphBuilder;
import org.intarsia.graph.Node;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.ImageDecoder;

/**
 * Another decoder's pictures, tinted. The computation stays as the other writes it down, so tokens and traces do not
 * change: only the step from numbers to a picture does.
 */
final class TintingDecoder implements ImageDecoder, AutoCloseable {
    private final ImageDecoder painter;
    private final Tint tint;

    TintingDecoder(ImageDecoder painter, Tint tint) {
        this.painter = painter;
        this.tint = tint;
    }

    @Override
    public int rows() {
        return painter.rows();
    }

    @Override
    public int columns() {
        return painter.columns();
    }

    @Override
    public int pixelsPerCode() {
        return painter.pixelsPerCode();
    }

    @Override
    public Node embed(GraphBuilder graph, Node codes, int rows, int columns) {
        return painter.embed(graph, codes, rows, columns);
    }

    @Override
    public Node pixels(GraphBuilder graph, Node latent) {
        return painter.pixels(graph, latent);
    }

    @Override
    public Image picture(float[] pixels, int height, int width) {
        return tint.apply(painter.picture(pixels, height, width));
    }

    /** The engine closes components that can be closed, and it sees only this one. */
    @Override
    public void close() throws Exception {
        if (painter instanceof AutoCloseable closeable) {
            closeable.close();
        }
    }
}
