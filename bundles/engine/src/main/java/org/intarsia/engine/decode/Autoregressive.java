package org.intarsia.engine.decode;

import java.util.List;
import org.intarsia.engine.sampling.TokenHistory;

/** One token a pass. */
public final class Autoregressive implements DecodingLoop {
    private static final int[] NOTHING = {};

    @Override
    public int[] propose(TokenHistory history, int room) {
        return NOTHING;
    }

    @Override
    public void accept(int[] proposed, List<float[]> logits, Target target) {
        target.accept(target.choose(logits.getFirst()), logits.getFirst());
    }
}
