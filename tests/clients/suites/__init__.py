"""The suites: each drives a part of the API with a client, whichever it is."""
