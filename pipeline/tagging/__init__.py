"""Places and topics that articles are about."""
