"""Ingest on Ray: the steps of the local one as stages on a cluster, one publisher here."""
