package org.intarsia.transformer.decoder;

/**
 * What one layer may have of its own.
 *
 * @param type   as {@code layer_types} calls it: {@link #FULL} or {@link #SLIDING}
 * @param rotary the rotary embedding
 * @param window how many tokens a token sees at most, itself included; 0 for all
 */
public record LayerVariant(String type, Rotary rotary, int window) {
    public static final String FULL = "full_attention";
    public static final String SLIDING = "sliding_attention";

    /** A layer that sees all tokens. */
    public static LayerVariant full(Rotary rotary) {
        return new LayerVariant(FULL, rotary, 0);
    }

    /**
     * A layer that sees the latest tokens.
     *
     * @param context most tokens of one stream; a window that no stream outgrows changes nothing
     */
    public static LayerVariant sliding(Rotary rotary, int window, int context) {
        return new LayerVariant(SLIDING, rotary, window < context ? window : 0);
    }
}
