package org.intarsia.model.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.intarsia.model.api.ModelException;
import org.intarsia.model.blocks.Fields;

/**
 * The settings of a new adapter.
 *
 * @param rank       of all pairs
 * @param alpha      the product counts alpha / rank times
 * @param rootScaled whether it counts alpha / √rank times instead (rsLoRA)
 * @param targets    the ends of the paths of the modules, or whole paths
 * @param base       the base model: a path, or the name of an installed model
 */
public record AdapterSettings(int rank, double alpha, boolean rootScaled, List<String> targets, String base) {
    public AdapterSettings {
        targets = List.copyOf(targets);
    }

    /** The text of {@code adapter_config.json}, as PEFT writes it. */
    public String json() {
        ObjectNode config = Fields.object();
        config.put("peft_type", "LORA").put("task_type", "CAUSAL_LM").put("base_model_name_or_path", base).put("r", rank);
        if (alpha == Math.rint(alpha)) {
            config.put("lora_alpha", (long) alpha);
        } else {
            config.put("lora_alpha", alpha);
        }
        config.put("lora_dropout", 0.0).put("use_rslora", rootScaled).put("use_dora", false).put("bias", "none")
                .put("fan_in_fan_out", false).put("init_lora_weights", true).put("inference_mode", true);
        config.putNull("modules_to_save");
        targets.forEach(config.putArray("target_modules")::add);
        return config.toPrettyString() + "\n";
    }

    /**
     * Returns the text of another adapter's configuration with this base model.
     *
     * @throws ModelException when it is no JSON object
     */
    public static String rebased(String config, String base) {
        if (Fields.read(config, Adapter.CONFIG) instanceof ObjectNode object) {
            return object.put("base_model_name_or_path", base).put("inference_mode", true).toPrettyString() + "\n";
        }
        throw new ModelException(Adapter.CONFIG + " should hold a JSON object");
    }
}
