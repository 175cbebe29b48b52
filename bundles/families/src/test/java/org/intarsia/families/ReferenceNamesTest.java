package org.intarsia.families;

import static org.assertj.core.api.Assertions.assertThat;

import org.intarsia.model.api.ModelFamily;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Adapters name layers as the reference's model does, or as the authors' own; both become the names that components read. */
class ReferenceNamesTest {
    @ParameterizedTest
    @CsvSource({
        "model.language_model.layers.0.self_attn.q_proj.weight, model.language_model.layers.0.self_attn.q_proj.weight",
        "language_model.model.layers.0.self_attn.q_proj.weight, model.language_model.layers.0.self_attn.q_proj.weight",
        "language_model.lm_head.weight, lm_head.weight",
        "model.vision_model.encoder.layers.3.mlp.fc1.weight, model.vision_model.encoder.layers.3.mlp.fc1.weight",
        "aligner.layers.0.weight, model.aligner.fc1.weight"})
    void ofJanus(String name, String presented) {
        assertThat(new JanusFamily().presentedName(name)).isEqualTo(presented);
    }

    @ParameterizedTest
    @CsvSource({
        "model.text_model.layers.1.mlp.up_proj.weight, text_model.model.layers.1.mlp.up_proj.weight",
        "lm_head.weight, text_model.lm_head.weight",
        "model.vqmodel.encoder.middle_block.attn_1.q_proj.weight, vqmodel.encoder.middle_block.attn_1.q_proj.weight"})
    void ofEmu3(String reference, String presented) {
        ModelFamily family = new Emu3Family();
        assertThat(family.presentedName(reference)).isEqualTo(presented);
        assertThat(family.presentedName(presented)).isEqualTo(presented);
        assertThat(family.referenceName(presented)).isEqualTo(reference);
        assertThat(family.presentedName("model.layers.1.mlp.up_proj.weight")).isEqualTo("text_model.model.layers.1.mlp.up_proj.weight");
    }
}
