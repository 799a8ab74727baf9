"""Visits: how often a listing was seen, by day, with nothing kept of who saw it."""
