package org.intarsia.families.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The names of tensors. */
class LlamaGgufTest {
    @Test
    void namesATensorOfALayerThatItDoesNotKnow() {
        assertThat(LlamaGguf.tensor("blk.3.attn_q_norm.weight")).isEqualTo("model.layers.3.attn_q_norm.weight");
        assertThat(LlamaGguf.tensor("blk.3.attn_rot_embd.weight")).isEqualTo("blk.3.attn_rot_embd.weight");
    }
}
