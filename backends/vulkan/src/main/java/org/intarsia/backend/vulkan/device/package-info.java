/**
 * Finds the devices of Vulkan's drivers, says what each can do, and opens one.
 * <p>
 * Begin with {@link org.intarsia.backend.vulkan.device.Instance}, the connection to the loader and its drivers.
 * {@link org.intarsia.backend.vulkan.device.PhysicalDevices} puts their devices in order and says why one cannot be used; a
 * {@link org.intarsia.backend.vulkan.device.Candidate} is one that can, with its
 * {@link org.intarsia.backend.vulkan.device.Capabilities} and {@link org.intarsia.backend.vulkan.device.Properties}.
 * {@link org.intarsia.backend.vulkan.device.LogicalDevice} opens it.
 * <p>
 * {@link org.intarsia.backend.vulkan.device.Results} turns the result codes of Vulkan's calls into sentences, and
 * {@link org.intarsia.backend.vulkan.device.Releases} gives objects of Vulkan's back in the reverse order of their making.
 */
package org.intarsia.backend.vulkan.device;
