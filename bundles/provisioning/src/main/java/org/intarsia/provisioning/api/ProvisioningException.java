package org.intarsia.provisioning.api;

/** Bundles that cannot be installed, changed or removed; the message is one sentence that says why. */
public class ProvisioningException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProvisioningException(String message) {
        super(message);
    }

    public ProvisioningException(String message, Throwable cause) {
        super(message, cause);
    }
}
