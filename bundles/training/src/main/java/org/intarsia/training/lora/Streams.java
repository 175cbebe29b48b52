package org.intarsia.training.lora;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.intarsia.engine.api.ModelParts;
import org.intarsia.engine.api.PictureFiles;
import org.intarsia.engine.api.PictureGrid;
import org.intarsia.model.api.Image;
import org.intarsia.model.api.PromptFormat;
import org.intarsia.model.api.SpecialTokens;
import org.intarsia.model.api.Text;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore;
import org.intarsia.model.api.TransformerCore.Head;
import org.intarsia.training.api.LoraTraining.Direction;
import org.intarsia.training.api.TrainingException;

/** Writes samples down as streams of the model, as its generations would have them. */
final class Streams {
    private final ModelParts parts;
    private final TransformerCore core;
    private final PromptFormat format;
    private final int length;
    private final Optional<PictureGrid> grid;
    private final Optional<Direction> direction;

    /**
     * @param length    most tokens of a sample
     * @param direction what is learned from pictures; empty for all that the model can do
     */
    Streams(ModelParts parts, TransformerCore core, int length, Optional<Direction> direction) {
        this.parts = parts;
        this.core = core;
        this.format = core.format();
        this.length = length;
        this.direction = direction;
        this.grid = parts.grid();
        if (grid.isEmpty() && direction.filter(asked -> asked != Direction.DESCRIBE).isPresent()) {
            throw new TrainingException("the base model makes no pictures, so it cannot learn to: let it learn to describe them");
        }
    }

    /** A text, in as many samples as its length asks for; every token is learned but the first of each. */
    List<Sample> text(String text) {
        TokenRow row = format.continuation(List.of(new Text(text)), parts);
        end(row);
        List<Sample> samples = new ArrayList<>();
        for (int begin = 0; begin < row.size(); begin += length) {
            int[] ids = Arrays.copyOf(row.from(begin), Math.min(length, row.size() - begin));
            if (ids.length > 1) {
                samples.add(Sample.of(new TokenRow().add(ids), 1, Head.TEXT));
            }
        }
        if (samples.isEmpty()) {
            throw new TrainingException("no text");
        }
        return samples;
    }

    /** A completion behind its prompt, which is not learned itself. */
    List<Sample> completion(String prompt, String completion) {
        TokenRow row = format.continuation(List.of(new Text(prompt)), parts);
        int first = row.size();
        row.add(behind(prompt, completion));
        end(row);
        return List.of(checked(Sample.of(row, first, Head.TEXT)));
    }

    /** The tokens of a completion as they stand behind the prompt where both are tokenized together, if the prompt's stay. */
    private int[] behind(String prompt, String completion) {
        int[] before = parts.text(prompt);
        int[] whole = parts.text(prompt + completion);
        return whole.length >= before.length && Arrays.equals(whole, 0, before.length, before, 0, before.length)
                ? Arrays.copyOfRange(whole, before.length, whole.length) : parts.text(completion);
    }

    private void end(TokenRow row) {
        int end = format.tokens().end();
        if (end >= 0 && (row.size() == 0 || row.at(row.size() - 1) != end)) {
            row.add(end);
        }
    }

    private Sample checked(Sample sample) {
        if (sample.size() > length) {
            throw new TrainingException(sample.size() + " tokens, more than the " + length + " of a sample: allow more, or shorten it");
        }
        if (sample.first() >= sample.size() || sample.first() < 1) {
            throw new TrainingException("nothing to learn in it");
        }
        return sample;
    }

    /** Tells whether pictures are described. */
    boolean describes() {
        return asked() != Direction.IMAGINE;
    }

    /** Tells whether pictures are made. */
    boolean imagines() {
        return asked() != Direction.DESCRIBE;
    }

    private Direction asked() {
        return direction.orElse(grid.isPresent() ? Direction.BOTH : Direction.DESCRIBE);
    }

    private static Image read(Path file, String caption) {
        if (!Files.isRegularFile(file)) {
            throw new TrainingException("there is no picture " + file.getFileName());
        }
        if (caption.isBlank()) {
            throw new TrainingException("the caption is empty");
        }
        return PictureFiles.read(file);
    }

    /** The caption of a picture. */
    List<Sample> described(Path file, String caption) {
        Image image = read(file, caption);
        TokenRow row = answered(image, caption);
        int first = format.answer(List.of(image), parts).size();
        boolean features = row.hasFeatures(0, row.size());
        return List.of(checked(features ? new Sample(() -> answered(PictureFiles.read(file), caption), row.size(), first, Head.TEXT, true)
                : Sample.of(row, first, Head.TEXT)));
    }

    private TokenRow answered(Image image, String caption) {
        TokenRow row = format.answer(List.of(image), parts).add(parts.text(caption));
        end(row);
        return row;
    }

    /** The picture of a caption. */
    List<Sample> imagined(Path file, String caption) {
        PictureGrid cells = grid.orElseThrow();
        PromptFormat.Codes codes = parts.codes(read(file, caption));
        if (codes.rows() != cells.rows() || codes.columns() != cells.columns()) {
            throw new TrainingException("it cannot be learned to be made: the model sees it as " + codes.columns() + " × " + codes.rows()
                    + " codes, and makes pictures of " + cells.columns() + " × " + cells.rows() + ": bring it to "
                    + cells.width() + " × " + cells.height() + " pixels");
        }
        SpecialTokens tokens = format.tokens();
        TokenRow row = format.picture(List.of(new Text(caption)), parts, 1, 1, cells.rows(), cells.columns()).getFirst().row();
        int first = row.size();
        int next = 0;
        for (int id : format.places(cells.rows(), cells.columns())) {
            row.add(id == PromptFormat.CODE ? tokens.pictureIds()[codes.codes()[next++]] : id);
        }
        return List.of(checked(Sample.of(row, first, core.hasOneHead() ? Head.TEXT : Head.PICTURE)));
    }
}
