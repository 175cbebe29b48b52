package org.intarsia.families.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The names of tensors. */
class ArchitectureTest {
    @Test
    void namesATensorOfALayerThatItDoesNotKnow() {
        assertThat(Architecture.LLAMA.tensor("blk.3.attn_q_norm.weight")).isEqualTo("model.layers.3.attn_q_norm.weight");
        assertThat(Architecture.QWEN3.tensor("blk.3.attn_q_norm.weight")).isEqualTo("model.layers.3.self_attn.q_norm.weight");
        assertThat(Architecture.GEMMA2.tensor("blk.3.ffn_norm.weight")).isEqualTo("model.layers.3.pre_feedforward_layernorm.weight");
        assertThat(Architecture.LLAMA.tensor("blk.3.attn_rot_embd.weight")).isEqualTo("blk.3.attn_rot_embd.weight");
    }
}
