package org.intarsia.backend.vulkan;

import static org.lwjgl.vulkan.VK12.*;

import org.lwjgl.system.MemoryStack;
import org.lwjgl.vulkan.VkCommandBuffer;
import org.lwjgl.vulkan.VkMemoryBarrier;

/** Where commands wait for others, and see what those wrote. */
final class Barriers {
    private static final int DEVICE_STAGES = VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT | VK_PIPELINE_STAGE_TRANSFER_BIT;
    private static final int DEVICE_WRITES = VK_ACCESS_SHADER_WRITE_BIT | VK_ACCESS_TRANSFER_WRITE_BIT;
    private static final int SHADER_ACCESS = VK_ACCESS_SHADER_READ_BIT | VK_ACCESS_SHADER_WRITE_BIT;

    private Barriers() {
    }

    /** At the start of a command buffer: it sees what the host and earlier command buffers wrote. */
    static void begin(VkCommandBuffer commands) {
        record(commands, DEVICE_STAGES | VK_PIPELINE_STAGE_HOST_BIT, DEVICE_WRITES | VK_ACCESS_HOST_WRITE_BIT,
                DEVICE_STAGES | VK_PIPELINE_STAGE_DRAW_INDIRECT_BIT,
                SHADER_ACCESS | VK_ACCESS_TRANSFER_READ_BIT | VK_ACCESS_TRANSFER_WRITE_BIT | VK_ACCESS_INDIRECT_COMMAND_READ_BIT);
    }

    /** Between two rounds of dispatches. */
    static void between(VkCommandBuffer commands) {
        record(commands, VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, VK_ACCESS_SHADER_WRITE_BIT,
                VK_PIPELINE_STAGE_COMPUTE_SHADER_BIT, SHADER_ACCESS);
    }

    /** At the end of a command buffer: the host sees what it wrote. */
    static void end(VkCommandBuffer commands) {
        record(commands, DEVICE_STAGES, DEVICE_WRITES, VK_PIPELINE_STAGE_HOST_BIT,
                VK_ACCESS_HOST_READ_BIT | VK_ACCESS_HOST_WRITE_BIT);
    }

    private static void record(VkCommandBuffer commands, int fromStages, int fromAccess, int toStages, int toAccess) {
        try (MemoryStack stack = MemoryStack.stackPush()) {
            VkMemoryBarrier.Buffer barrier = VkMemoryBarrier.calloc(1, stack).sType$Default()
                    .srcAccessMask(fromAccess).dstAccessMask(toAccess);
            vkCmdPipelineBarrier(commands, fromStages, toStages, 0, barrier, null, null);
        }
    }
}
