package org.intarsia.backend.api;

/**
 * The device has gone, or has been reset by its driver: what lay on it is lost, and it answers nothing any more. Closing
 * what it made is still right. The same work may be done on another device.
 */
public class DeviceLostException extends BackendException {
    private static final long serialVersionUID = 1L;

    public DeviceLostException(String message) {
        super(message);
    }
}
