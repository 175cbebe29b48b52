package org.intarsia.fuzz;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.intarsia.engine.api.PictureFormat;
import org.intarsia.graph.Shape;
import org.intarsia.model.api.Image;
import org.intarsia.weights.Metadata;
import org.intarsia.weights.Safetensors;
import org.intarsia.weights.Tensor;
import org.intarsia.weights.TensorSource;
import org.intarsia.weights.TensorWriter;

/** Good files, small ones, for a fuzzer to begin with. */
final class Seeds {
    private static final byte WHOLE = 0;
    private static final byte EDITED = 1;
    private static final int SIDE = 6;
    private static final int DOCUMENTS = 8;

    private final Path folder;
    private final List<Target> targets;
    private int number;

    Seeds(Path folder, List<Target> targets) {
        this.folder = folder;
        this.targets = targets;
    }

    /** Writes them all. */
    void write() throws IOException {
        Path file = folder.resolveSibling("seed");
        List<Tensor> tensors = List.of(Tensor.of("a.weight", Shape.of(2, 3), new float[6]),
                Tensor.of("b", Shape.of(2), new int[2]));
        Safetensors.write(file, tensors, Map.of("format", "pt"));
        byte[] whole = Files.readAllBytes(file);
        seed(Target.SAFETENSORS, WHOLE, whole);
        seed(Target.SAFETENSORS, EDITED, new String(whole, Long.BYTES, whole.length - Long.BYTES - 32, StandardCharsets.UTF_8)
                .strip().getBytes(StandardCharsets.UTF_8));
        seed(Target.INDEX, WHOLE, "{\"metadata\":{\"total_size\":8},\"weight_map\":{\"a\":\"shard.safetensors\"}}"
                .getBytes(StandardCharsets.UTF_8));
        TensorWriter.gguf(file, tensors.stream().map(TensorSource::of).toList(),
                Metadata.of(Map.of("general.architecture", "llama", "general.name", "x"))).write();
        seed(Target.GGUF, WHOLE, Files.readAllBytes(file));
        Files.delete(file);
        for (Target target : List.of(Target.CONFIG, Target.TOKENIZER, Target.PREPROCESSOR, Target.ADAPTER)) {
            seed(target, WHOLE, "{}".getBytes(StandardCharsets.UTF_8));
            for (byte document = 0; document < DOCUMENTS; document++) {
                seed(target, EDITED, new byte[] {document});
                seed(target, EDITED, new byte[] {document, 0, document, 4, document});
            }
        }
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (String kind : List.of("png", "jpg", "gif", "bmp", "tiff")) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(picture, kind, bytes);
            seed(Target.PICTURE, WHOLE, bytes.toByteArray());
        }
        forms();
        for (PictureFormat format : PictureFormat.values()) {
            seed(Target.RECORD, WHOLE, format.encode(new Image(SIDE, SIDE, new byte[3 * SIDE * SIDE]), Optional.of("{\"a\":1}")));
        }
    }

    /** One picture of each form that is read in its own way. */
    private void forms() throws IOException {
        for (String form : List.of("jpeg-cmyk-adobe.jpg", "jpeg-ycck.jpg", "jpeg-exif-6.jpg", "jpeg-440.jpg", "png-exif-6.png",
                "png-grey-16-colour-key.png", "gif-offset-transparent.gif", "tiff-lab.tif", "tiff-cmyk.tif", "tiff-palette.tif",
                "tiff-orientation-6.tif")) {
            seed(Target.PICTURE, WHOLE, Files.readAllBytes(Target.TREE.resolve("bundles/model.api/src/test/resources/pictures")
                    .resolve(form)));
        }
    }

    private void seed(Target target, byte kind, byte[] content) throws IOException {
        int place = targets.indexOf(target);
        if (place >= 0) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            bytes.write(place);
            bytes.write(kind);
            bytes.write(content);
            Files.write(folder.resolve("seed-" + number++), bytes.toByteArray());
        }
    }
}
