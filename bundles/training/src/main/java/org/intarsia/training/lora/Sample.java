package org.intarsia.training.lora;

import java.util.function.Supplier;
import org.intarsia.model.api.TokenRow;
import org.intarsia.model.api.TransformerCore.Head;

/**
 * One stream to learn from.
 *
 * @param stream   makes the stream; pictures that enter it as features are read anew each time, since these are large
 * @param size     its tokens
 * @param first    the first token that is learned; all behind it are, too
 * @param head     what scores them
 * @param features whether the stream has features
 */
record Sample(Supplier<TokenRow> stream, int size, int first, Head head, boolean features) {

    /** A stream that is there. */
    static Sample of(TokenRow row, int first, Head head) {
        return new Sample(() -> row, row.size(), first, head, false);
    }
}
