package org.intarsia.comparison;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.intarsia.engine.api.Goal;

/**
 * What came out of a comparison.
 *
 * @param seed    what every answer began with
 * @param columns the models, in their order; the first is the one that the others are compared with
 * @param rows    the prompts, in their order
 */
public record Compared(long seed, List<Head> columns, List<Row> rows) {
    public Compared {
        columns = List.copyOf(columns);
        rows = List.copyOf(rows);
    }

    /**
     * A column as a whole.
     *
     * @param model           its name, or its directory
     * @param backend         the backend that was asked for, if one was
     * @param precision       the precision that was asked for, if one was
     * @param weights         {@code sha256:} and the hash of its weights; nothing where there is no answer
     * @param devices         backends and devices that have computed
     * @param tokens          how many tokens were chosen in all
     * @param seconds         what all answers took
     * @param tokensPerSecond over all answers behind the first where there are any: the first also prepares the device
     * @param failed          how many prompts ended with an error
     * @param same            how many answers have the same tokens as those of the first column
     * @param compared        how many answers both columns have
     * @param equalTokens     in those answers, how many tokens stand before the first that differs from the first column's
     * @param comparedTokens  how many tokens those answers have
     */
    public record Head(String model, Optional<String> backend, Optional<String> precision, Optional<String> weights,
            List<String> devices, int tokens, double seconds, double tokensPerSecond, int failed, int same, int compared,
            int equalTokens, int comparedTokens) {
    }

    /**
     * One prompt.
     *
     * @param text   its words
     * @param images its pictures, as data URLs
     * @param cells  what each column answered
     */
    public record Row(String text, List<String> images, List<Cell> cells) {
        public Row {
            images = List.copyOf(images);
            cells = List.copyOf(cells);
        }
    }

    /**
     * What one model answered to one prompt.
     *
     * @param goal            what was asked for; nothing where the model could not be opened
     * @param parts           text and pictures, in their order
     * @param outcome         why it ended
     * @param error           what was wrong, in one sentence, instead of an answer
     * @param weights         {@code sha256:} and the hash of its weights
     * @param devices         backends and devices that computed
     * @param tokens          how many tokens were chosen
     * @param seconds         how long it took, reading of the prompt included
     * @param tokensPerSecond the one by the other
     * @param difference      how it compares with the first column; nothing there, and where one of both has no answer
     */
    public record Cell(Optional<Goal> goal, List<Piece> parts, Optional<String> outcome, Optional<String> error,
            Optional<String> weights, List<String> devices, int tokens, double seconds, double tokensPerSecond,
            Optional<Difference> difference) {
    }

    /** Text, or a picture as data URL. */
    public record Piece(Optional<String> text, Optional<String> picture) {
    }

    /**
     * Two answers beside each other.
     *
     * @param equal   whether the tokens are the same
     * @param token   the first token that differs, from 0; −1 where none does
     * @param colours where the tokens are the same, by how much colours differ, of 255
     */
    public record Difference(boolean equal, int token, int colours) {
        static Difference of(OptionalInt token, int colours) {
            return new Difference(token.isEmpty(), token.orElse(-1), token.isEmpty() ? colours : 0);
        }
    }

    /** The first error of all, and how many there are. */
    public Optional<String> failure() {
        List<String> errors = cells().flatMap(cell -> cell.error().stream()).toList();
        return errors.isEmpty() ? Optional.empty() : Optional.of(errors.size() + " of " + cells().count()
                + " answers failed, the first: " + errors.getFirst());
    }

    private Stream<Cell> cells() {
        return rows.stream().flatMap(row -> row.cells().stream());
    }
}
