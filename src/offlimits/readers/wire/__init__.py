"""What goes over a wire: capture files → packets → frames → flows, and the payloads that tell what a device is."""
