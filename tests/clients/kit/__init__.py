"""What the suites share: a server to start and stop, and clients that note what they have driven."""
